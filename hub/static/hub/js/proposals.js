// What may be missing on a page: fetched when the panel comes into sight, and again once a draft was saved by itself.
(() => {
  const panel = document.querySelector("[data-proposals]");
  const form = document.querySelector("form[data-edit-form]");
  if (!panel || !form) return;

  const PAUSE = 3000; // milliseconds without another saving before the draft is looked at
  const list = panel.querySelector("[data-proposals-list]");
  let asked = 0;
  let seen = false;
  let timer;

  // A new page learns its key when it is first saved, and the form's address then has it.
  const address = () => {
    const key = form.getAttribute("action").match(/\/(\d+)\/edit\//)?.[1];
    return key ? panel.dataset.proposals.replace(/\/\d+\/$/, `/${key}/`) : null;
  };

  const look = async () => {
    const url = address();
    if (!url) return;
    const turn = ++asked;
    let answer = null;
    try {
      const response = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (response.ok && !response.redirected) answer = await response.text();
    } catch {
      // Said below: the network, or somebody who was signed out meanwhile.
    }
    if (turn !== asked) return; // a later one is on its way
    if (answer === null) list.textContent = panel.dataset.failed;
    else list.innerHTML = answer; // our own template
    list.dispatchEvent(new CustomEvent("hub:looked", { bubbles: true })); // links.js marks the rows
  };

  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    seen = true;
    look();
  }).observe(panel);

  window.addEventListener("w-autosave:success", (event) => {
    if (event.target !== form || !seen) return;
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  panel.querySelector("[data-proposals-again]").addEventListener("click", look);

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-propose]");
    if (!button) return;
    const { propose: rows, field, key, title, edit, done } = button.dataset;
    document.getElementById(`id_${rows}-ADD`).click();
    const place = Number(document.getElementById(`id_${rows}-TOTAL_FORMS`).value) - 1;
    const chooser = document.getElementById(`id_${rows}-${place}-${field}-chooser`).widget;
    chooser.setStateFromModalData({ id: key, adminTitle: title, editUrl: edit });
    button.disabled = true;
    button.textContent = done;
    button.removeAttribute("aria-label");
  });
})();
