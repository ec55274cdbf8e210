/* A code that was not found is selected, so that the next scan replaces it.
   Photos of a step: taking one more with a phone's camera adds to those chosen before instead of replacing them, and each can be
   left out again. The page works without: then several photos are chosen at once. */
(() => {
  "use strict";

  const code = document.getElementById("id_code");
  if (code && code.value) code.select();

  const keyOf = (file) => `${file.name}/${file.size}/${file.lastModified}`;

  for (const input of document.querySelectorAll("input.photos-input")) {
    const list = document.createElement("ul");
    list.className = "photos-chosen";
    list.setAttribute("aria-live", "polite");
    input.after(list);
    let chosen = [];

    const show = () => {
      const transfer = new DataTransfer();
      for (const file of chosen) transfer.items.add(file);
      input.files = transfer.files;
      list.replaceChildren(...chosen.map(line));
    };

    const line = (file, n) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn";
      button.textContent = `Leave out photo ${n + 1}`;
      button.addEventListener("click", () => {
        chosen = chosen.filter((other) => other !== file);
        show();
        input.focus();
      });
      item.append(`Photo ${n + 1}: ${file.name}, ${Math.ceil(file.size / 1000)} kB `, button);
      return item;
    };

    input.addEventListener("change", () => {
      const known = new Set(chosen.map(keyOf));
      chosen = [...chosen, ...[...input.files].filter((file) => !known.has(keyOf(file)))];
      show();
    });
  }
})();
