// How old what is shown is, by the reasoner's clock, and whether there is a reasoner at all.

import { byId, clock } from "./dom.js";
import { hasFailed, newest, state } from "./store.js";

const SILENT = 5; // s without a word of the reasoner's, which reports each second
const AHEAD = 1; // s by which clocks may differ

export function drawFreshness(brief) {
  const [words, kind] = freshness(brief);
  const heading = byId("freshness");
  heading.textContent = state.chosen && kind !== "lost" ? `then: ${words}` : words;
  heading.classList.toggle("stale", kind !== "fresh");
  tell(kind === "lost" ? words.replace(/[\d.]+ s/, "a while") : kind === "stale" ? "What is shown is stale." : "");
  byId("about").textContent = brief ? `${brief.task}, clip of ${clock(brief.start)} to ${clock(brief.end)}` : "";
  byId("live").hidden = !state.chosen;
  const last = newest();
  byId("trouble").textContent = last && last !== brief && hasFailed(last) ? `${last.task} has no answer: ${last.text}` : "";
}

export const isSilent = () => state.silent > SILENT;

function freshness(brief) {
  if (!state.connected) return ["not connected", "lost"];
  if (isSilent()) return [`the reasoner is silent for ${Math.round(state.silent)} s`, "lost"];
  if (!brief) return ["no answer yet", "fresh"];
  if (!state.now) return [`seen at ${clock(brief.end)}`, "fresh"];
  const age = state.now - Number(brief.end);
  const limit = Number(state.diagnostics.answers?.values["max_result_age [s]"] ?? Infinity);
  if (age < -AHEAD) return [`seen ${(-age).toFixed(1)} s ahead of the clock`, "stale"];
  const isStale = brief.status === "stale" || (age > limit && !state.chosen);
  return [`seen ${Math.max(age, 0).toFixed(1)} s ago${isStale ? ", stale" : ""}`, isStale ? "stale" : "fresh"];
}

// For those who listen to the page: only what changed.
function tell(words) {
  const told = byId("told");
  if (told.textContent !== words) told.textContent = words;
}
