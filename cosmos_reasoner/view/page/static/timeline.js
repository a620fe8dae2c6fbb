// The last hour: a row a task, a mark an answer, and a slider that goes back in time.

import { byId, clock, shape } from "./dom.js";
import { fate, moments, state } from "./store.js";

const ROW = 22;
const LEFT = 110; // px of the tasks' names
const SHORTEST = 120; // s
const FATES = ["answered", "open", "unclear", "failed", "did_not", "happened"];
const PATHS = {
  answered: (x, y) => `M${x} ${y - 2}a2 2 0 1 0 .01 0`,
  open: (x, y) => `M${x} ${y - 4}a4 4 0 1 0 .01 0`,
  happened: (x, y) => `M${x} ${y - 4}a4 4 0 1 0 .01 0`,
  did_not: (x, y) => `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x + 4} ${y - 4}L${x - 4} ${y + 4}`,
  unclear: (x, y) => `M${x - 3} ${y - 3}H${x + 3}V${y + 3}H${x - 3}Z`,
  failed: (x, y) => `M${x} ${y - 4}L${x + 5} ${y + 4}H${x - 5}Z`,
};

let places = []; // [x, request id]
let choose = () => {};

export function drawTimeline(chosen) {
  choose = chosen;
  const all = [...moments.values()];
  drawSlider(all);
  const timeline = byId("timeline");
  const width = timeline.clientWidth || 600;
  const tasks = [...new Set(all.map((each) => each.task))].sort();
  const height = Math.max(tasks.length, 1) * ROW + 18;
  const now = Math.max(state.now, all.at(-1)?.at ?? 0);
  const span = Math.max(SHORTEST, ...all.slice(0, 1).map((each) => now - each.at));
  const x = (each) => Math.round(LEFT + (width - LEFT - 10) * (1 - Math.max(now - each.at, 0) / span));
  const y = (each) => tasks.indexOf(each.task) * ROW + ROW / 2;
  places = all.map((each) => [x(each), each.id]);
  timeline.setAttribute("viewBox", `0 0 ${width} ${height}`);
  timeline.replaceChildren(...rows(tasks, width), ...ticks(span, width, height), ...marks(all, x, y), ...line(all, x, height));
}

function rows(tasks, width) {
  return tasks.flatMap((task, row) => [
    shape("path", { className: "axis", d: `M${LEFT} ${row * ROW + ROW / 2}H${width}` }),
    shape("text", { x: 0, y: row * ROW + ROW / 2 + 4, text: task }),
  ]);
}

function ticks(span, width, height) {
  return [0, 0.5, 1].map((part) => {
    const minutes = ((1 - part) * span) / 60;
    const text = part === 1 ? "now" : minutes < 10 ? `-${minutes.toFixed(1)} min` : `-${Math.round(minutes)} min`;
    const anchor = ["start", "middle", "end"][2 * part];
    return shape("text", { x: LEFT + (width - LEFT - 4) * part, y: height - 4, "text-anchor": anchor, text });
  });
}

function marks(all, x, y) {
  return FATES.map((name) => {
    const path = all.filter((each) => fate(each) === name).map((each) => PATHS[name](x(each), y(each)));
    return shape("path", { className: name, d: path.join("") });
  });
}

function line(all, x, height) {
  const chosen = moments.get(state.chosen);
  return chosen ? [shape("path", { className: "chosen", d: `M${x(chosen)} 0V${height - 18}` })] : [];
}

function drawSlider(all) {
  const slider = byId("moment");
  const index = state.chosen ? all.findIndex((each) => each.id === state.chosen) : all.length;
  slider.disabled = all.length === 0;
  slider.max = all.length;
  slider.value = index;
  const each = all[index];
  slider.setAttribute("aria-valuetext", each ? `${clock(each.at)}, ${each.task}: ${each.text}, ${fate(each)}` : "now");
}

byId("moment").addEventListener("input", (event) => {
  const all = [...moments.values()];
  choose(all[Number(event.target.value)]?.id ?? null);
});

byId("timeline").addEventListener("click", (event) => {
  const box = event.currentTarget.getBoundingClientRect();
  const at = ((event.clientX - box.left) * event.currentTarget.viewBox.baseVal.width) / box.width;
  const distance = ([x]) => Math.abs(x - at);
  const nearest = places.reduce((best, each) => (!best || distance(each) <= distance(best) ? each : best), null);
  if (nearest) choose(nearest[1]);
});
