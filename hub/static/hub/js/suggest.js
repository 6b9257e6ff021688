// `[data-suggest]`: a search form whose field proposes pages while one types, as a combobox with a list
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). The attribute holds the address that is asked.

const QUIET = 200; // milliseconds without a key before the address is asked
const LEAST = 2; // letters

export function suggestPages(root) {
  for (const form of root.querySelectorAll("[data-suggest]")) suggest(form, form.querySelector("input[type='search']"));
}

function suggest(form, field) {
  const list = element("div", "suggestions", { role: "listbox", id: `${field.id}-list`, "aria-label": form.dataset.suggestLabel });
  const status = element("p", "unseen", { role: "status" });
  let timer;
  let asking;
  let active = -1;
  list.hidden = true;
  form.append(list, status);
  set(field, { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id });

  const isEnough = () => [...field.value.trim()].length >= LEAST;
  const show = (place) => {
    active = place;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    list.children[place]?.scrollIntoView({ block: "nearest" });
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", list.children[place].id);
  };
  const open = (suggestions) => {
    list.replaceChildren(...suggestions.map((suggestion, number) => option(suggestion, `${list.id}-${number}`)));
    list.hidden = !suggestions.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = `${form.dataset.suggestCount} ${suggestions.length}`;
    show(-1);
  };
  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    open([]);
    status.textContent = "";
  };
  const ask = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    const words = encodeURIComponent(field.value.trim());
    try {
      const response = await fetch(`${form.dataset.suggest}?q=${words}`, { signal: mine.signal, headers: { Accept: "application/json" } });
      const answer = response.ok ? (await response.json()).suggestions : [];
      if (mine === asking && !mine.signal.aborted) open(answer);
    } catch {
      if (mine === asking && !mine.signal.aborted) open([]); // the form works without
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    asking?.abort();
    if (isEnough()) timer = setTimeout(ask, QUIET);
    else close();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (list.hidden && (event.key !== "ArrowDown" || !isEnough())) return;
    const last = list.children.length - 1;
    const places = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last };
    if (list.hidden) ask();
    else if (event.key in places) show(places[event.key]);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) list.children[active].click();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
  window.addEventListener("pagehide", close); // or it would stand open when one comes back
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus until the press is over
}

function option({ text, kind, url }, id) {
  const link = element("a", "suggestions__entry", { role: "option", id, href: url, tabindex: "-1", "aria-selected": "false" });
  const words = element("span", "suggestions__words", {});
  const sort = element("span", "suggestions__kind", {});
  words.textContent = text;
  sort.textContent = kind;
  link.append(words, " ", sort);
  return link;
}

function element(name, className, attributes) {
  const made = document.createElement(name);
  made.className = className;
  set(made, attributes);
  return made;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}
