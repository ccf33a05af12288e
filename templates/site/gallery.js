// Shows the demos that take no longer than one wants and build on nothing that one does not know. What one
// knows is kept in the browser, if it keeps anything for this page.
"use strict";
(() => {
  const KEY = "studykit-known";
  const form = document.getElementById("choose");
  const longest = document.getElementById("longest");
  const only = document.getElementById("only");
  const shown = document.getElementById("shown");
  const boxes = [...form.querySelectorAll("[name=known]")];
  const cards = [...document.querySelectorAll(".cards > li")];

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || [];
    } catch {
      return [];
    }
  }

  function keep(known) {
    try {
      localStorage.setItem(KEY, JSON.stringify([...known]));
    } catch { /* the choice holds for as long as the page is open */ }
  }

  function choose() {
    const known = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    keep(known);
    const most = Number(longest.value || Infinity);
    let count = 0;
    for (const card of cards) {
      const needs = card.dataset.needs.split(" ").filter(Boolean);
      card.hidden = Number(card.dataset.seconds) > most
        || (only.checked && !needs.every((term) => known.has(term)));
      count += card.hidden ? 0 : 1;
      for (const term of card.querySelectorAll("[data-term]")) {
        term.classList.toggle("known", known.has(term.dataset.term));
      }
    }
    for (const section of document.querySelectorAll(".layer")) {
      section.hidden = !section.querySelector(".cards > li:not([hidden])");
    }
    shown.textContent = form.dataset.shown.replace("{}", count);
  }

  const before = new Set(kept());
  for (const box of boxes) box.checked = before.has(box.value);
  longest.value = "";
  only.checked = false;
  form.addEventListener("change", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  choose();
})();
