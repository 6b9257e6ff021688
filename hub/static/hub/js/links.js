// New rows of links are of the kind that is chosen beside their buttons.
document.addEventListener("w-formset:added", (event) => {
  const { formIndex } = event.detail;
  const preset = document.querySelector("[data-kind-of-new-links]");
  if (!preset || event.target.id !== `inline_child_${preset.dataset.kindOfNewLinks}-${formIndex}`) return;
  const kind = document.getElementById(`id_${preset.dataset.kindOfNewLinks}-${formIndex}-kind`);
  if (!kind || kind.value === preset.value) return;
  kind.value = preset.value;
  kind.dispatchEvent(new Event("change", { bubbles: true }));
});

// Each row says why readers do not see its link, as far as is known of the page that is chosen now.
const sayWhy = (known) => {
  for (const state of document.querySelectorAll("[data-target-state]")) {
    const key = state.closest("[data-inline-panel-child]")?.querySelector('input[name$="-target"]')?.value;
    if (known) {
      state.dataset.key = known.has(key) ? key : "";
      state.textContent = known.get(key) || "";
    }
    state.hidden = !state.textContent || state.dataset.key !== key;
  }
};
document.addEventListener("hub:looked", (event) => {
  const entries = event.target.querySelectorAll("[data-hidden-targets] > li");
  if (event.target.querySelector("[data-hidden-targets]")) sayWhy(new Map([...entries].map((entry) => [entry.dataset.key, entry.textContent])));
});
document.addEventListener("change", (event) => {
  if (event.target.matches('input[name^="links-"][name$="-target"]')) sayWhy();
});
