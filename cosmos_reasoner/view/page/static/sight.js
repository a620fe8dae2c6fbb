// What is seen now, and the frames of the clip of the moment.

import { byId, clock } from "./dom.js";
import { isSilent } from "./freshness.js";
import { fetched, paint } from "./picture.js";

let loading = false; // the newest picture
let seen = false; // whether there ever was one
let wanted = null; // address of the film to show
let shown = null; // address of the film that is shown

// Loads the newest picture, one at a time.
export async function refreshOverlay() {
  if (loading || document.hidden) return;
  loading = true;
  const picture = await fetched("pictures/overlay");
  loading = false;
  if (!picture) return;
  paint(byId("overlay"), picture);
  byId("no-overlay").hidden = seen = true;
}

// A picture that came after what it shows is loaded then.
export function pictureCame(name) {
  if (wanted === `pictures/${name}` && shown !== wanted) showFilm();
}

export function drawSight(brief) {
  byId("overlay").hidden = !seen || isSilent();
  if (!brief || wanted === `pictures/${brief.end}`) return;
  wanted = `pictures/${brief.end}`;
  byId("film").setAttribute("aria-label", `Frames from ${clock(brief.start)} to ${clock(brief.end)}`);
  showFilm();
}

async function showFilm() {
  const address = wanted;
  const picture = await fetched(address);
  if (address !== wanted || (!picture && shown === wanted)) return;
  shown = picture ? address : null;
  byId("film").hidden = !picture;
  byId("no-film").hidden = Boolean(picture);
  byId("no-film").textContent = "No picture of this clip is kept.";
  if (picture) paint(byId("film"), picture);
}
