// `[data-player]` holds a poster and a link to another host: a press on `[data-play]` puts the player in their place.
// `[data-seek]` is a link to a moment: it moves the film of the same page there, as does an address that leads beside one.

export function improveFilms(root) {
  for (const stage of root.querySelectorAll("[data-player]")) {
    stage.querySelector("[data-play]")?.addEventListener("click", (event) => {
      if (opensElsewhere(event)) return;
      event.preventDefault();
      load(stage);
    });
  }
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-seek]");
    if (link && !opensElsewhere(event) && seek(root, Number(link.dataset.seek))) event.preventDefault();
  });
  arrive(root);
}

// An address may lead to a moment: `#t-125`, or the turn of a speaker. The film waits there; nothing plays by itself.
function arrive(root) {
  const place = location.hash && root.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);
  const video = root.querySelector("[data-film] video");
  const moment = place && place.querySelector("[data-seek]");
  if (video && moment) video.currentTime = Number(moment.dataset.seek);
}

function opensElsewhere(event) {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

function load(stage, start = 0) {
  const frame = document.createElement("iframe");
  const address = new URL(stage.dataset.player);
  if (start && address.hostname.includes("vimeo")) address.hash = `t=${start}s`;
  else if (start) address.searchParams.set("start", String(start));
  frame.src = address.href;
  frame.title = stage.dataset.title;
  frame.allow = "autoplay; fullscreen; picture-in-picture";
  stage.replaceChildren(frame);
  frame.focus();
}

// True when the film is on this page and could be moved.
function seek(root, seconds) {
  const film = root.querySelector("[data-film]");
  if (!film) return false;
  const video = film.querySelector("video");
  const stage = film.querySelector("[data-player]");
  if (video) {
    video.currentTime = seconds;
    video.play()?.catch(() => {});
  } else if (stage) {
    load(stage, seconds);
  } else {
    return false;
  }
  (video ?? stage).scrollIntoView({ block: "nearest" });
  return true;
}
