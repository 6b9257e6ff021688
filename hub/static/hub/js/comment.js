// `[data-comment-form]`: with a token the form posts in one step; without one it leads to a preview that holds it.
// The token is fetched when somebody begins to write, so that a page read by thousands asks for none.

export function improveComments(root) {
  for (const form of root.querySelectorAll("[data-comment-form]")) {
    fetchTokenOnce(form);
    countCharacters(form);
  }
}

function fetchTokenOnce(form) {
  const address = form.dataset.tokenUrl;
  const field = form.elements.namedItem("token");
  if (!address || !field) return;
  form.addEventListener(
    "focusin",
    async () => {
      if (field.value) return;
      try {
        const response = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
        if (response.ok) field.value = (await response.json()).token;
      } catch {
        // No token, no harm: the form then shows a preview first.
      }
    },
    { once: true },
  );
}

function countCharacters(form) {
  const text = form.querySelector("[data-comment-text]");
  const line = form.querySelector("[data-left]");
  if (!text || !line) return;
  const limit = Number(line.dataset.left);
  const show = () => {
    // Counted as the server counts: by code point, line ends as one character.
    const left = limit - [...text.value].length;
    line.hidden = left > limit / 5;
    line.classList.toggle("form__left--over", left < 0);
    line.textContent = `${Math.abs(left).toLocaleString(document.documentElement.lang)} ${left < 0 ? line.dataset.over : line.dataset.words}`;
  };
  text.addEventListener("input", show);
  show();
}
