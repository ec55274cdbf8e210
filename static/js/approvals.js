/* Shows the note inside the letter while it is typed. Without it the letter says where the note will stand. */
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
