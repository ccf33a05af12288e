// Shows recorded runs of a demo as its knobs are turned. No request is made: the page holds the runs, as
// rows of [value, lines, picture, problem] that count in one list of strings.
"use strict";
(() => {
  const box = document.getElementById("turning");
  const { strings, run, control, knobs } = JSON.parse(document.getElementById("turned").textContent);
  const form = box.querySelector("form");
  const off = form.elements.off;
  const sliders = [...form.querySelectorAll("input[type=range]")];
  const [picture, lines] = box.querySelectorAll(".turned > *");
  const verdict = box.querySelector(".holds");
  const command = box.querySelector(".command code");
  const asItIs = new Set(run[1]);

  function show([, said, drawn, problem], how) {
    picture.innerHTML = drawn.map((i) => strings[i]).join(""); // what studykit drew, not what anybody typed
    picture.hidden = !drawn.length;
    lines.replaceChildren(...said.flatMap((i) => {
      if (asItIs.has(i) || !strings[i]) return [strings[i] + "\n"];
      const mark = document.createElement("mark");
      mark.textContent = strings[i];
      return [mark, "\n"];
    }));
    command.textContent = "studykit demo run " + box.dataset.demo + how;
    const [before, after] = box.dataset.fails.split("{}");
    const part = document.createElement("span");
    part.lang = "en";
    part.textContent = problem;
    verdict.replaceChildren(...(problem ? [before, part, after] : [box.dataset.holds]));
    verdict.classList.toggle("no", Boolean(problem));
  }

  function place(slider, index) {
    slider.value = index;
    const value = slider.dataset.values.split("|")[index];
    slider.setAttribute("aria-valuetext", value);
    form.querySelector(`output[for="${slider.id}"]`).value = value;
  }

  // One thing at a time: what is not turned goes back.
  function turn(chosen) {
    for (const slider of sliders) place(slider, slider === chosen ? slider.value : slider.dataset.default);
    if (chosen !== off) off.checked = false;
    if (off.checked) return show(control, " --control");
    if (!sliders.includes(chosen)) return show(run, "");
    const row = knobs[chosen.name][chosen.value];
    const value = chosen.dataset.values.split("|")[chosen.value];
    show(row, chosen.value === chosen.dataset.default ? "" : ` --set ${chosen.name}=${value}`);
  }

  form.addEventListener("input", (event) => turn(event.target));
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    off.checked = false;
    turn(null);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  off.checked = false; // a browser may remember what was chosen before
  turn(null);
  box.hidden = false;
})();
