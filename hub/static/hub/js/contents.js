// `[data-contents]`: marks the section that is being read in the contents list.

export function followContents(root) {
  const list = root.querySelector("[data-contents]");
  if (!list || !("IntersectionObserver" in window)) return;
  const links = new Map();
  for (const link of list.querySelectorAll("a[href^='#']")) {
    const target = root.getElementById(link.hash.slice(1));
    if (target) links.set(target, link);
  }
  const mark = () => {
    const reached = [...links.keys()].filter((target) => target.getBoundingClientRect().top < innerHeight / 3);
    for (const [target, link] of links) {
      if (target === reached.at(-1)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
  for (const target of links.keys()) observer.observe(target);
}
