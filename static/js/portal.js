/* What a browser can do beyond the page: copy the link, and offer the phone's own sharing. Without it everything else works. */

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(field);
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = words), 3000);
  });
}

if (navigator.share) {
  for (const button of document.querySelectorAll("[data-shares]")) {
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ text: button.dataset.text, url: button.dataset.url }).catch(() => {}));
  }
}
