// The rules of a campaign: what was typed counts at once. Without this file the buttons of the page do the same.

const form = document.getElementById("rules-form");
const PARTS = ["rules-effect", "rules-trial"];
const WAIT = 350;
// Somebody who types the beginning of a choice changes a list with every letter; browsers take letters within a second as one word.
const WORD = 1000;
let timer = 0;
let asked = 0;

function address(button) {
  const query = new URLSearchParams(new FormData(form));
  query.delete("csrfmiddlewaretoken");
  query.set("part", "live");
  if (button) query.set(button.name, button.value);
  return `${form.dataset.live}?${query}`;
}

function typed() {
  return new URLSearchParams(new FormData(form)).toString();
}

function replace(fresh, id) {
  const there = document.getElementById(id);
  const come = fresh.getElementById(id);
  if (there && come && !there.contains(document.activeElement)) there.replaceWith(come);
}

// Rows are built anew when a field, a comparison or a set of alternatives changed: the cursor stays where it was. After a button for
// one rule more or less it goes on at the new rule, or at the first button.
function replaceRows(fresh, isByButton) {
  const focused = document.activeElement ? document.activeElement.id : "";
  const rows = fresh.getElementById("rules-rows");
  document.getElementById("rules-rows").replaceWith(rows);
  const kept = document.getElementById(focused);
  if (kept) kept.focus({ preventScroll: true });
  else if (isByButton) (rows.querySelector("[autofocus]") || rows.querySelector("button[data-reshapes]"))?.focus();
}

async function refresh({ rows, button }) {
  const mine = ++asked;
  const before = typed();
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address(button), { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
    if (!answer.ok || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    // Somebody typed on while we asked: what they typed must not be lost, so the rows wait for the next answer.
    if (rows && before === typed()) replaceRows(fresh, Boolean(button));
    else if (rows) refreshSoon({ rows, button });
    PARTS.forEach((id) => replace(fresh, id));
  } finally {
    if (mine === asked) form.removeAttribute("aria-busy");
  }
}

function refreshSoon(options, wait = WAIT) {
  clearTimeout(timer);
  timer = setTimeout(() => refresh(options), wait);
}

function isRule(element) {
  return element.closest("#rules-rows") !== null;
}

if (form && form.dataset.live) {
  form.addEventListener("input", (event) => {
    if (isRule(event.target) && event.target.tagName === "INPUT") refreshSoon({ rows: false });
  });
  let byKey = null;
  let waiting = null;
  form.addEventListener("keydown", (event) => {
    byKey = event.target;
    if (waiting && event.target === waiting) refreshSoon({ rows: true }, WORD);
  });
  form.addEventListener("pointerdown", () => {
    byKey = null;
  });
  form.addEventListener("change", (event) => {
    if (!isRule(event.target)) return;
    waiting = event.target === byKey && event.target.tagName === "SELECT" ? event.target : null;
    refreshSoon({ rows: true }, waiting ? WORD : 0);
  });
  form.addEventListener("focusout", (event) => {
    if (event.target === waiting) refreshSoon({ rows: true }, 0);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-reshapes]");
    if (!button) return;
    event.preventDefault();
    clearTimeout(timer);
    refresh({ rows: true, button });
  });
}
