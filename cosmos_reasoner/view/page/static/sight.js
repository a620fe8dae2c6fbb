// What is seen now, and the frames of the clip of the moment.

import { byId, clock } from "./dom.js";
import { isSilent } from "./freshness.js";

let loading = false;
let count = 0;

// Loads the newest picture, one at a time.
export function refreshOverlay() {
  if (loading || document.hidden) return;
  loading = true;
  const image = byId("overlay");
  image.onload = image.onerror = () => (loading = false);
  byId("no-overlay").hidden = true;
  image.src = `pictures/overlay?${(count += 1)}`;
}

// A picture that came after what it shows is loaded then.
export function pictureCame(name) {
  const film = byId("film");
  if (film.hidden && film.getAttribute("src") === `pictures/${name}`) film.removeAttribute("src");
}

export function drawSight(brief) {
  byId("overlay").hidden = count === 0 || isSilent();
  if (!brief) return;
  const film = byId("film");
  const address = `pictures/${brief.end}`;
  if (film.getAttribute("src") === address) return;
  film.onload = () => kept(film, true);
  film.onerror = () => kept(film, false);
  film.alt = `Frames from ${clock(brief.start)} to ${clock(brief.end)}`;
  film.src = address;
}

function kept(film, isKept) {
  film.hidden = !isKept;
  byId("no-film").hidden = isKept;
  byId("no-film").textContent = "No picture of this clip is kept.";
}
