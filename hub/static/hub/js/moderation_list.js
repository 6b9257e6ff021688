// The list of a queue: says how many are chosen, chooses a range with shift. The progress of a bulk decision: looks again.

const form = document.querySelector("[data-queue-form]");
if (form) {
  const boxes = [...form.querySelectorAll("[data-choose]")];
  const said = form.querySelector("[data-chosen]");
  const unchosen = said.textContent;
  let last = null;
  form.addEventListener("click", (event) => {
    const place = boxes.indexOf(event.target);
    if (place < 0) return;
    if (event.shiftKey && last !== null) {
      for (const box of boxes.slice(Math.min(last, place), Math.max(last, place))) box.checked = event.target.checked;
    }
    last = place;
  });
  form.addEventListener("change", () => {
    const all = form.querySelector("[data-choose-all]")?.checked;
    const count = boxes.filter((box) => box.checked).length;
    said.textContent = all || !count ? unchosen : `${count} ${said.dataset.words}`;
  });
}

async function look(progress) {
  const answer = await fetch(progress.dataset.progress, { credentials: "same-origin" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-progress]");
  if (!fresh || "over" in fresh.dataset) window.location.reload();
  else {
    progress.innerHTML = fresh.innerHTML;
    setTimeout(look, 1000, progress);
  }
}

const progress = document.querySelector("[data-progress]");
if (progress && !("over" in progress.dataset)) setTimeout(look, 1000, progress);
