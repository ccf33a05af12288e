// The panel of a demo's page that runs its program in the page. The interpreter is loaded when first asked for.
"use strict";
(() => {
  const panel = document.getElementById("run-panel");
  const part = (name) => panel.querySelector(`[data-part=${name}]`);
  const words = panel.dataset;
  const [program, output, seed, state] = ["program", "output", "seed", "state"].map(part);
  const [run, stop, reset] = ["run", "stop", "reset"].map(part);
  let worker = null;
  let busy = false;
  let python = null;

  function tell(text, kind = "") {
    state.textContent = text;
    state.className = kind;
  }

  function ended() {
    busy = false;
    run.disabled = false;
    stop.hidden = true;
  }

  function halt(text, kind) {
    if (worker) worker.terminate();
    worker = null;
    ended();
    tell(text, kind);
  }

  function shown(said) {
    const lines = said.lines.join("\n");
    output.textContent = said.error ? (lines ? lines + "\n" : "") + said.error : lines;
    if (said.error) tell(words.error, "broken");
    else if (said.holds) tell(words.holds, "holds");
    else tell(words.broken.replace("{}", said.problem), "broken");
  }

  // Loading a script works on pages opened from disk, where fetching does not.
  function loaded() {
    python ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = words.python;
      script.onload = () => resolve(window.studykitPython);
      script.onerror = () => reject(new Error(words.python));
      document.head.append(script);
    });
    return python;
  }

  async function started() {
    tell(words.starting);
    const { worker: code, files, sources } = await loaded();
    const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    worker = new Worker(url);
    worker.onerror = (event) => halt(words.failed.replace("{}", event.message || ""), "broken");
    worker.onmessage = (event) => {
      const { ready, said, failed } = event.data;
      if (ready) return ask();
      if (failed) return halt(words.failed.replace("{}", failed), "broken");
      ended();
      shown(said);
    };
    worker.postMessage({ packed: files, sources });
  }

  function ask() {
    tell(words.running);
    const { name } = words;
    worker.postMessage({
      name, program: program.value, seed: Number(seed.value) || 0, numpy: "numpy" in words,
    });
  }

  run.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    run.disabled = true;
    stop.hidden = false;
    try {
      if (worker) ask();
      else await started();
    } catch (error) {
      halt(words.failed.replace("{}", error.message), "broken");
    }
  });
  stop.addEventListener("click", () => {
    halt(words.stopped, "");
    run.focus();
  });
  reset.addEventListener("click", () => {
    program.value = program.defaultValue;
    program.focus();
  });
  panel.hidden = false;
  document.getElementById("program").closest("section").hidden = true; // the same text, not to be changed
})();
