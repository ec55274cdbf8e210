/* Comforts on the pages of a campaign; every page works without them. The tab that is open is in sight on a phone, the preview
   beside the form follows what is typed, the browser asks before unsaved words are left, and a short name follows a name. */

const current = document.querySelector(".tabs [aria-current]");
function bringIntoSight() {
  const row = current.closest("ul");
  const [tab, all] = [current.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += tab.left - all.left - (all.width - tab.width) / 2;
}
if (current) {
  bringIntoSight();
  document.fonts.ready.then(bringIntoSight); // The letters of the page are narrower or wider than those it began with.
}

const form = document.querySelector("form[data-unsaved]");
const button = document.querySelector("[data-preview]");
const WAIT = 600;
let timer = 0;
let asked = 0;

async function refresh() {
  const number = (asked += 1);
  const answer = await fetch(button.formAction, { method: "POST", body: new FormData(form), redirect: "error" });
  const page = await answer.text();
  if (!answer.ok || number !== asked) return;
  const old = document.querySelector("[data-phone]");
  const fresh = old.cloneNode(false);
  fresh.removeAttribute("src");
  fresh.srcdoc = page;
  old.replaceWith(fresh); // A new frame leaves no step in the browser's history.
}

if (form) {
  const note = form.querySelector("[data-unsaved-note]");
  let isDirty = Boolean(form.querySelector(".errornote")) || Boolean(document.querySelector(".conflict"));
  const show = () => {
    if (note) note.hidden = !isDirty;
  };
  show();
  form.addEventListener("input", () => {
    isDirty = true;
    show();
    if (!button) return;
    clearTimeout(timer);
    timer = setTimeout(() => refresh().catch(() => {}), WAIT);
  });
  form.addEventListener("submit", (event) => {
    if (!event.submitter || !event.submitter.hasAttribute("data-preview")) isDirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
}

const named = document.querySelector("[data-slug-from]");
if (named) {
  const slug = document.querySelector("[data-slug]");
  let isOwn = slug.value !== "";
  slug.addEventListener("input", () => {
    isOwn = slug.value !== "";
  });
  named.addEventListener("input", () => {
    if (isOwn) return;
    const plain = named.value.normalize("NFKD").toLowerCase().replace(/[^a-z0-9\s_-]/g, "");
    slug.value = plain.trim().replace(/[\s_-]+/g, "-").slice(0, 46);
  });
}
