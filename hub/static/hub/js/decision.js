// `[data-decision-fields]`: a canned reply stands in the message as soon as it is chosen, and those that go with the chosen
// reason are offered first. Without this file the button beside the list inserts the reply.

for (const fields of document.querySelectorAll("[data-decision-fields]")) improve(fields);

function improve(fields) {
  const reply = fields.querySelector("select[name=reply]");
  const message = fields.querySelector("textarea[name=message]");
  const reason = fields.querySelector("select[name=reason_code]");
  const button = fields.querySelector("button[name=insert_reply]");
  if (!reply || !message) return;
  if (button) button.hidden = true;

  reply.addEventListener("change", () => {
    const text = reply.selectedOptions[0]?.dataset.text;
    if (!text) return;
    const typed = message.value.trim();
    message.value = typed ? `${typed}\n\n${text}` : text;
    message.dispatchEvent(new Event("input", { bubbles: true }));
    reply.value = "";
  });

  const options = [...reply.options];
  const offer = () => {
    const [none, ...replies] = options;
    const fits = (option) => Boolean(reason.value) && option.dataset.reason === reason.value;
    const ordered = [...replies.filter(fits), ...replies.filter((option) => !fits(option))];
    const chosen = reply.value;
    reply.replaceChildren(none, ...ordered);
    reply.value = chosen;
  };
  reason?.addEventListener("change", offer);
  if (reason?.value) offer();
}
