// `[data-moderation]`: the deciding screen by keyboard, one comment after the other without loading the frame again.
// Every key presses a link or button that is there (`data-key`), so that without this file all of it works by mouse.

const screen = document.querySelector("[data-moderation]");
const help = document.querySelector("[data-keys-help]");
let busy = false;

/** Ask for a screen and put it in place of this one; whatever goes wrong, the browser goes there itself. */
async function show(address, form, submitter) {
  if (busy) return;
  busy = true;
  screen.setAttribute("aria-busy", "true");
  try {
    const body = form ? new URLSearchParams(new FormData(form, submitter)) : undefined;
    const headers = { "X-Hub-Partial": "1" };
    const answer = await fetch(address, { method: form ? "POST" : "GET", body, headers, credentials: "same-origin" });
    const text = await answer.text();
    const isScreen = text.includes('class="moderation"') && !text.includes("<html");
    if (!isScreen) {
      // The end of the queue, a log-in, an error: pages of their own. A form was carried out already.
      if (!form || answer.redirected) return window.location.assign(answer.redirected ? answer.url : address);
      form.action = address;
      return form.submit();
    }
    screen.innerHTML = text;
    if (answer.ok) history.pushState(null, "", answer.url);
    screen.querySelector("#comment-heading")?.focus();
    window.scrollTo(0, 0);
  } catch {
    if (!form) window.location.assign(address);
  } finally {
    busy = false;
    screen.removeAttribute("aria-busy");
  }
}

screen.addEventListener("submit", (event) => {
  const action = event.submitter?.getAttribute("formaction") ?? event.target.action;
  event.preventDefault();
  show(action, event.target, event.submitter);
});

screen.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-key]:not([data-leaves])");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.href);
});

function press(element) {
  if (element.localName !== "details") return element.click();
  element.open = true;
  (element.querySelector("[data-reason]:checked") ?? element.querySelector("[data-reason]"))?.focus();
}

/** With the reasons open a digit chooses one and rejects: two keys for a comment. */
function reject(digit) {
  const part = screen.querySelector("details[data-key=r][open]");
  const reason = part?.querySelectorAll("[data-reason]")[digit - 1];
  if (!reason) return false;
  reason.checked = true;
  part.querySelector("[data-reject]")?.click();
  return true;
}

// In the capturing phase: “?” would open Wagtail's own list of keys too.
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || busy) return;
  const isTyping = event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]");
  if (isTyping) return;
  if (event.key === "?") {
    event.stopImmediatePropagation();
    help.open = !help.open;
    help.scrollIntoView({ block: "nearest" });
  } else if (/^[1-9]$/.test(event.key) && reject(Number(event.key))) event.preventDefault();
  else if (event.key === "Enter" && event.target.matches("[data-reason]")) {
    event.preventDefault();
    screen.querySelector("[data-reject]")?.click();
  } else {
    const target = /^[a-z]$/.test(event.key) && screen.querySelector(`[data-key="${event.key}"]`);
    if (!target) return;
    event.preventDefault();
    press(target);
  }
}, true);

window.addEventListener("popstate", () => window.location.reload());
