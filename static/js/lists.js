// Ticks or clears all rows of a page at once; without this, each row has its own box.
for (const all of document.querySelectorAll(".tick-page")) {
  const boxes = all.closest("table").querySelectorAll('input[name="rows"]');
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
}
