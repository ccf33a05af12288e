// Search in the page: English, Chinese, pinyin, abbreviations, small slips. No request is made:
// search-index.js, loaded as a script, has set window.studykitIndex.
"use strict";
(() => {
  const SHOWN = 12;
  const form = document.getElementById("search");
  const box = document.getElementById("query");
  const list = document.getElementById("found");
  const status = document.getElementById("found-count");
  const { root, kinds, results, none } = form.dataset;
  const kindNames = kinds.split("|");

  const fold = (text) => text.normalize("NFKC").toLowerCase()
    .replace(/[\p{Cf}]/gu, "").replace(/[\s\-_·'’"“”.,/()（）]+/gu, " ").trim();
  const squeeze = (text) => text.replace(/ /g, "");

  // A form's rank adds to how a query met it: head forms before aliases before pinyin.
  const entries = (window.studykitIndex || []).map(([kind, page, title, second, others, pinyin, weight]) => {
    const forms = [];
    const add = (text, rank) => {
      const folded = fold(text);
      if (folded) forms.push({ spaced: " " + folded, tight: squeeze(folded), rank });
    };
    add(title, 0);
    if (second) add(second, 0);
    others.forEach((text) => add(text, 0.2));
    pinyin.forEach((text) => add(text, 0.4));
    return { kind, page, title, second, weight, forms, all: forms.map((f) => f.spaced).join(" ") };
  });

  // Optimal string alignment (Damerau 1964): two letters changed about are one slip.
  function slips(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [], last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      [before, last] = [last, row];
    }
    return last[b.length];
  }

  // 0 the same, 1 begins so, 2 a word begins so, 3 inside, 4 has all words; none: Infinity.
  function meets(entry, query, tight) {
    const inside = tight.length > 1 || /\p{Script=Han}/u.test(tight);
    let best = Infinity;
    for (const { spaced, tight: text, rank } of entry.forms) {
      const how = text === tight ? 0 : text.startsWith(tight) ? 1
        : spaced.includes(" " + query) ? 2 : inside && text.includes(tight) ? 3 : Infinity;
      best = Math.min(best, how + rank);
    }
    if (best === Infinity && query.includes(" ") && query.split(" ").every((w) => entry.all.includes(w))) {
      best = 4;
    }
    return best;
  }

  function search(text) {
    const query = fold(text), tight = squeeze(query);
    if (!tight) return [];
    const rate = (how) => entries.map((entry) => ({ entry, score: how(entry) }))
      .filter((hit) => hit.score < Infinity);
    let hits = rate((entry) => meets(entry, query, tight));
    const most = tight.length < 4 ? 0 : tight.length < 8 ? 1 : 2;
    if (!hits.length && most) {
      hits = rate((entry) => {
        const fewest = Math.min(...entry.forms.map((f) => slips(tight, f.tight, most)));
        return fewest > most ? Infinity : fewest;
      });
    }
    return hits.sort((a, b) => a.score - b.score || a.entry.kind - b.entry.kind
      || b.entry.weight - a.entry.weight || a.entry.title.length - b.entry.title.length
      || (a.entry.title < b.entry.title ? -1 : 1)).map((hit) => hit.entry);
  }

  let active = -1;

  function mark(index) {
    const options = list.children;
    if (options[active]) options[active].setAttribute("aria-selected", "false");
    active = options.length ? (index + options.length) % options.length : -1;
    if (active < 0) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", options[active].id);
  }

  function close() {
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
    box.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function piece(name, text, lang) {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    span.dir = "auto";
    if (lang) span.lang = lang;
    return span;
  }

  function update() {
    const hits = search(box.value);
    close();
    if (!fold(box.value)) return;
    status.textContent = hits.length ? results.replace("{}", hits.length) : none;
    list.replaceChildren(...hits.slice(0, SHOWN).map((entry, i) => {
      const option = document.createElement("li");
      option.id = "found-" + i;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.page = entry.page;
      option.append(piece("name", entry.title, entry.kind === 0 ? "en" : ""), " ",
        piece("second", entry.second, entry.kind === 0 ? "zh-Hans" : ""), " ",
        piece("kind", kindNames[entry.kind], ""));
      return option;
    }));
    list.hidden = !hits.length;
    box.setAttribute("aria-expanded", String(hits.length > 0));
    if (hits.length) mark(0);
  }

  function open(option) {
    if (option) location.href = root + option.dataset.page;
  }

  // Roles stand here and not in the page: without this script the box is a plain field.
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", "found");
  box.setAttribute("aria-expanded", "false");
  list.setAttribute("role", "listbox");

  box.addEventListener("input", update);
  box.addEventListener("focus", () => { if (list.hidden) update(); });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    open(list.children[active]);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Escape") {
      if (list.hidden && !box.value) box.blur();
      box.value = "";
      close();
    } else return;
    event.preventDefault();
  });
  // pointerdown keeps the focus in the box, so that the list is still there for the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => open(event.target.closest("li")));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
})();
