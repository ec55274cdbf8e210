// The rules of a campaign: what was typed counts at once. Without this file the buttons of the page do the same.

const form = document.getElementById("rules-form");
const PARTS = ["rules-effect", "rules-trial"];
const WAIT = 350;
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

// Rows are built anew when a field, a comparison or a set of alternatives changed: the cursor stays where it was.
function replaceRows(fresh) {
  const focused = document.activeElement ? document.activeElement.id : "";
  document.getElementById("rules-rows").replaceWith(fresh.getElementById("rules-rows"));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
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
    if (rows && before === typed()) replaceRows(fresh);
    else if (rows) refreshSoon({ rows: true });
    PARTS.forEach((id) => replace(fresh, id));
  } finally {
    if (mine === asked) form.removeAttribute("aria-busy");
  }
}

function refreshSoon(options) {
  clearTimeout(timer);
  timer = setTimeout(() => refresh(options), WAIT);
}

function isRule(element) {
  return element.closest("#rules-rows") !== null;
}

if (form && form.dataset.live) {
  form.addEventListener("input", (event) => {
    if (isRule(event.target) && event.target.tagName === "INPUT") refreshSoon({ rows: false });
  });
  form.addEventListener("change", (event) => {
    if (isRule(event.target)) {
      clearTimeout(timer);
      refresh({ rows: true });
    }
  });
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-reshapes]");
    if (!button) return;
    event.preventDefault();
    const [action, what] = button.value.split(":");
    await refresh({ rows: true, button });
    if (action === "add") {
      const added = document.querySelectorAll(`#rules-rows [aria-labelledby="side-${what}"] fieldset.rule`);
      added[added.length - 1]?.querySelector("select")?.focus();
    } else {
      document.querySelector("#rules-rows button[data-reshapes]")?.focus();
    }
  });
}
