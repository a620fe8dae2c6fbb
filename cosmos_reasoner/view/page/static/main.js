// Hears what is new and has the parts of the page drawn again, a few times a second at most.

import { byId } from "./dom.js";
import { drawAnswer } from "./answer.js";
import { drawHealth } from "./health.js";
import { drawScores } from "./scores.js";
import { drawSight, pictureCame, refreshOverlay } from "./sight.js";
import { drawTimeline } from "./timeline.js";
import { listenToForm } from "./ask.js";
import { moments, put, shown, state, wrote, writing } from "./store.js";

const PAUSE = 150; // ms between two drawings

let waiting = false;

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
  drawAnswer(brief);
  drawTimeline(choose);
  drawScores(brief);
  drawHealth();
}

function drawFreshness(brief) {
  const heading = byId("freshness");
  const age = brief && brief.end !== "0.000000000" ? state.now - Number(brief.end) : null;
  const words = age === null ? "no answer yet" : `seen ${Math.max(age, 0).toFixed(1)} s ago`;
  const isStale = brief?.status === "stale";
  heading.textContent = !state.connected ? "not connected" : state.chosen ? `then: ${words}` : isStale ? `${words}, stale` : words;
  heading.classList.toggle("stale", !state.connected || isStale);
  byId("live").hidden = !state.chosen;
}

function choose(id) {
  state.chosen = id;
  draw();
}

async function load() {
  const all = await (await fetch("moments")).json();
  for (const brief of all.moments) if (!moments.has(brief.id)) put(brief);
  state.hindsight = all.hindsight ?? state.hindsight;
  state.diagnostics = { ...all.diagnostics, ...state.diagnostics };
  soon();
}

function listen() {
  const source = new EventSource("events");
  const on = (name, take) =>
    source.addEventListener(name, (event) => {
      take(JSON.parse(event.data));
      soon();
    });
  source.addEventListener("open", () => {
    moments.clear();
    writing.clear();
    state.connected = true;
    load();
  });
  source.addEventListener("error", () => {
    state.connected = false;
    soon();
  });
  on("now", (now) => (state.now = Number(now)));
  on("moment", put);
  on("gone", (id) => moments.delete(id));
  on("progress", wrote);
  on("hindsight", (summary) => (state.hindsight = summary));
  on("diagnostics", (part) => Object.assign(state.diagnostics, part));
  on("picture", (name) => (name === "overlay" ? refreshOverlay() : pictureCame(name)));
  on("missed", load);
}

byId("live").addEventListener("click", () => choose(null));
listenToForm();
listen();
draw();
