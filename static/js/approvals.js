/* Shows the note inside the letter while it is typed, and chooses all that is shown at once. Without it the letter says
   where the note will stand, and each line is ticked by itself. */
"use strict";

const note = document.querySelector("form.decide textarea[name=note]");
const marks = document.querySelectorAll("[data-note]");

if (note) {
  note.addEventListener("input", () => {
    for (const mark of marks) {
      mark.textContent = note.value.trim() || mark.dataset.empty;
    }
  });
}

const all = document.querySelector("[data-choose-all]");

if (all) {
  const list = all.closest("form");
  const whole = all.querySelector("input");
  const button = list.querySelector("[data-chosen]");
  const unchosen = button.textContent;
  const boxes = [...list.querySelectorAll("input[name=item]")];
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    whole.checked = chosen === boxes.length;
    whole.indeterminate = chosen > 0 && chosen < boxes.length;
    button.textContent = chosen ? button.dataset.chosen.replace("#", chosen) : unchosen;
  };
  whole.addEventListener("change", () => {
    for (const box of boxes) {
      box.checked = whole.checked;
    }
    count();
  });
  list.addEventListener("change", (event) => event.target === whole || count());
  window.addEventListener("pageshow", count);
  all.hidden = false;
}
