// Hears what is new and has the parts of the page drawn again, a few times a second at most.

import { byId } from "./dom.js";
import { drawAnswer } from "./answer.js";
import { drawFreshness } from "./freshness.js";
import { drawHealth } from "./health.js";
import { drawScores } from "./scores.js";
import { drawSight, pictureCame, refreshOverlay } from "./sight.js";
import { drawTimeline } from "./timeline.js";
import { listenToForm } from "./ask.js";
import { moments, put, shown, state, takeAll, wrote } from "./store.js";

const PAUSE = 150; // ms between two drawings
const AGAIN = 3000; // ms after which a server that turned us away is asked again

let waiting = false;
let source = null;

function soon() {
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    draw();
  }, PAUSE);
}

function draw() {
  if (state.chosen && !moments.has(state.chosen)) state.chosen = null;
  const brief = shown();
  drawFreshness(brief);
  drawSight(brief);
  drawAnswer(brief, soon);
  drawTimeline(choose);
  drawScores(brief);
  drawHealth();
}

function choose(id) {
  state.chosen = id;
  draw();
}

function listen() {
  source = new EventSource("events");
  const on = (name, take) =>
    source.addEventListener(name, (event) => {
      take(JSON.parse(event.data));
      soon();
    });
  source.addEventListener("error", () => {
    state.connected = false;
    if (source?.readyState === EventSource.CLOSED) setTimeout(listenAgain, AGAIN);
    soon();
  });
  on("all", (known) => {
    takeAll(known);
    state.connected = true;
  });
  on("time", (time) => Object.assign(state, time));
  on("moment", put);
  on("gone", (id) => moments.delete(id));
  on("progress", wrote);
  on("hindsight", (summary) => (state.hindsight = summary));
  on("diagnostics", (part) => Object.assign(state.diagnostics, part));
  on("picture", (name) => (name === "overlay" ? refreshOverlay() : pictureCame(name)));
}

// A page that nobody sees listens to nothing: browsers have few connections, and the node draws for listeners.
function listenAgain() {
  source?.close();
  source = null;
  if (!document.hidden) listen();
}

document.addEventListener("visibilitychange", listenAgain);
byId("live").addEventListener("click", () => {
  byId("moment").focus();
  choose(null);
});
listenToForm();
listenAgain();
draw();
