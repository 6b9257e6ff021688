// The page editor's buttons wait for Wagtail's autosave. Otherwise a new page published while its draft is on its way
// to the server is made twice, and the second of the two is refused: "This slug is already in use".
(() => {
  const form = document.querySelector("form[data-edit-form]");
  if (!form) return;

  const LONGEST_WAIT = 15000; // milliseconds; a server that has not answered by then must not keep the button dead
  let saving = false;
  let waiting = null; // the button to press when the draft is saved
  let leaving = false;

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
