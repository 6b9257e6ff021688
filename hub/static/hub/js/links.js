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
