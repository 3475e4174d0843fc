// The search form: hides whatever does not match. The page is complete without this script.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const choices = { standing: at("standing"), level: at("level"), outcome: at("outcome") };
  const query = at("query");
  const plain = (element) => element.textContent.toLowerCase().replace(/\s+/g, " ");

  // Texts are collected once, since pages are long and typing must stay fast.
  const requirements = [...document.querySelectorAll(".requirement")].map((element) => ({
    element,
    text: plain(element.querySelector("summary")),
    scenarios: [...element.querySelectorAll("[data-outcome]")].map((scenario) => ({
      element: scenario,
      text: [scenario.dataset.name, ...[...scenario.querySelectorAll(".problem, .source, .comparison, .output")].map(plain)].join(" ").toLowerCase(),
    })),
    note: element.querySelector(":scope > ul")?.previousElementSibling,
  }));
  const total = document.querySelectorAll(".scenario").length;
  // The elements that were open before the search opened others.
  let before = null;

  function show() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (text) => words.every((word) => text.includes(word));
    const { standing, level, outcome } = choices;
    if (words.length && !before) before = requirements.map(({ element }) => element.open);
    let shown = 0;
    const scenarios = new Set();
    requirements.forEach(({ element, text, scenarios: own, note }, index) => {
      const here = matches(text);
      let some = false;
      for (const scenario of own) {
        const wanted = (!outcome.value || scenario.element.dataset.outcome === outcome.value) && (here || matches(scenario.text));
        scenario.element.hidden = !wanted;
        some ||= wanted;
      }
      if (note) note.hidden = !element.querySelector("li:not([hidden])");
      const wanted = (!standing.value || element.dataset.standing === standing.value)
        && (!level.value || element.dataset.level === level.value)
        && (outcome.value ? some : here || some);
      element.hidden = !wanted;
      if (wanted) {
        shown += 1;
        own.forEach((scenario) => scenario.element.hidden || scenarios.add(scenario.element.dataset.name));
      }
      if (before) element.open = before[index] || (words.length > 0 && !here && some);
    });
    if (!words.length) before = null;
    document.querySelectorAll(".level").forEach((section) => {
      section.hidden = !section.querySelector(".requirement:not([hidden])");
    });
    at("nothing").hidden = shown > 0;
    at("count").textContent = `${shown} of ${requirements.length} requirements, ${scenarios.size} of ${total} scenarios`;
  }

  // Follows a link to something closed or hidden by showing it.
  function follow() {
    const target = location.hash && at(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) {
      at("clear").form.reset();
      show();
    }
    for (let element = target; element; element = element.parentElement) {
      if (element.tagName === "DETAILS") element.open = true;
    }
    target.scrollIntoView();
  }

  const open = at("open");
  open.addEventListener("click", () => {
    const opening = open.textContent === "Open all";
    document.querySelectorAll("details").forEach((element) => {
      if (!element.closest("[hidden]")) element.open = opening;
    });
    open.textContent = opening ? "Close all" : "Open all";
  });
  const form = open.form;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  addEventListener("hashchange", follow);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !/INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) {
      event.preventDefault();
      query.focus();
    }
  });

  if (navigator.clipboard) {
    document.querySelectorAll(".again").forEach((command) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
      const text = command.textContent;
      button.addEventListener("click", () => navigator.clipboard.writeText(text).then(() => { button.textContent = "Copied"; }));
      command.previousElementSibling.prepend(button);
    });
  }

  at("filter").hidden = false;
  show();
  follow();
})();
