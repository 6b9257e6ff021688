// What Wagtail's autosave needs so that nothing is made twice, and nothing lost.
//
// The page editor's buttons wait for it. Otherwise a new page published while its draft is on its way to the server is made
// twice, and the second of the two is refused: "This slug is already in use".
//
// What is written while the draft is on its way is saved too. Wagtail 8.0 takes for saved what stands in the form when the
// answer comes, not what was sent: the last words before a pause were neither saved nor warned about on leaving the page.
(() => {
  const form = document.querySelector("form[data-edit-form]");
  if (!form) return;

  const LONGEST_WAIT = 15000; // milliseconds; a server that has not answered by then must not keep the button dead
  let saving = false;
  let waiting = null; // the button to press when the draft is saved
  let leaving = false;
  let sent = null; // the form's content as it went to the server

  const watcher = () => window.wagtail?.app?.getControllerForElementAndIdentifier(form, "w-unsaved");

  // Has Wagtail compare the form with what was sent, in which only what the server itself changes counts as saved too.
  const compare = (updates) => {
    const watch = watcher();
    if (!watch || sent === null) return;
    const saved = new URLSearchParams(sent);
    for (const [name, value] of Object.entries(updates || {})) if (saved.has(name)) saved.set(name, value);
    watch.initialFormData = watch.previousFormData = saved.toString();
  };

  const press = () => {
    if (!waiting) return;
    const button = waiting;
    waiting = null;
    if (button.name) {
      // Wagtail disables a pressed button, and a disabled one is not sent along.
      const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
      form.append(pressed);
    }
    saving = false;
    form.requestSubmit();
  };

  // At the window, so that whoever prevents the saving has done so by now.
  window.addEventListener("w-autosave:save", (event) => {
    if (event.target !== form) return;
    if (leaving) event.preventDefault();
    saving = !event.defaultPrevented;
    if (saving) sent = watcher()?.formData ?? null;
  });
  window.addEventListener("w-autosave:success", (event) => {
    if (event.target === form) compare(event.detail.data?.field_updates);
  });
  for (const end of ["w-autosave:success", "w-autosave:error"]) {
    window.addEventListener(end, (event) => {
      if (event.target !== form) return;
      saving = false;
      press();
    });
  }

  form.addEventListener(
    "submit",
    (event) => {
      if (!saving) {
        leaving = true;
        setTimeout(() => (leaving = false), LONGEST_WAIT);
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (waiting) return;
      waiting = event.submitter || {};
      setTimeout(press, LONGEST_WAIT);
    },
    true,
  );
})();
