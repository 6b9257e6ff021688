// `[data-decision-fields]`: a canned reply stands in the message as soon as it is chosen, and those that go with the chosen
// reason are offered first. Without this file the button beside the list inserts the reply. It listens to the whole page,
// since the deciding screen is replaced by the next one.

function insert(fields, reply) {
  const message = fields.querySelector("textarea[name=message]");
  const text = reply.selectedOptions[0]?.dataset.text;
  if (!message || !text) return;
  const typed = message.value.trim();
  message.value = typed ? `${typed}\n\n${text}` : text;
  message.dispatchEvent(new Event("input", { bubbles: true }));
  reply.value = "";
}

function offer(fields, reason) {
  const reply = fields.querySelector("select[name=reply]");
  if (!reply) return;
  const [none, ...replies] = reply.options;
  const fits = (option) => Boolean(reason) && option.dataset.reason === reason;
  reply.replaceChildren(none, ...replies.filter(fits), ...replies.filter((option) => !fits(option)));
}

document.addEventListener("change", (event) => {
  const fields = event.target.closest("[data-decision-fields]");
  if (!fields) return;
  if (event.target.name === "reply") insert(fields, event.target);
  if (event.target.name === "reason_code") offer(fields, event.target.value);
});
