// How the parts of the reasoner are: cameras, endpoints with their breakers, queue and what was dropped.

import { byId, element } from "./dom.js";
import { isSilent } from "./freshness.js";
import { state } from "./store.js";

const MARKS = { ok: "✓", warn: "!", error: "✗", stale: "…" };
const TOLD = ["breaker", "next try in [s]", "last error", "age of newest frame [s]", "superseded", "refused", "dropped", "quota left"];

export function drawHealth() {
  const parts = Object.entries(state.diagnostics);
  if (!parts.length) return;
  byId("health").replaceChildren(...parts.map(([part, status]) => line(part, status)));
}

function line(part, status) {
  const { level, text, values } = isSilent() ? { level: "stale", text: "not known any more", values: {} } : status;
  const told = TOLD.filter((name) => values[name]).map((name) => `${name}: ${values[name]}`);
  const mark = element("span", { className: "mark", text: MARKS[level], "aria-label": level, role: "img" });
  return element("li", { className: level }, mark, element("b", { text: part }), ` ${text}`, element("small", { text: told.join(" · ") }));
}
