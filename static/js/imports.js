// Moves the bar of an import while its page is open; without it, the link "Refresh" does the same.
const card = document.querySelector("[data-progress]");
const bar = card?.querySelector("progress");
const words = card?.querySelector(".progress b");

const look = async () => {
  try {
    const answer = await fetch(card.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      return;
    }
    const now = await answer.json();
    if (now.state !== card.dataset.state) {
      window.location.reload();
      return;
    }
    bar.max = Math.max(now.total, 1);
    bar.value = now.done;
    words.textContent = now.counted;
  } catch {
    // The network was away for a moment; the next look finds it again.
  }
  setTimeout(look, 1500);
};

if (bar) {
  setTimeout(look, 1000);
}
