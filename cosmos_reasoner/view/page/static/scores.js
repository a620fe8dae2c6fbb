// How right predictions were so far, and where the time of an answer went.

import { byId, element, shape } from "./dom.js";
import { known } from "./answer.js";
import { state } from "./store.js";

const PARTS = [
  ["queue", "queue_latency", "waited"],
  ["encode", "encode_latency", "encoded"],
  ["first_token", "first_token_latency", "first token"],
  ["thinking", "think_latency", "thought"],
  ["answering", "answer_latency", "answered"],
];
const LOW = 30;
const SIZE = 180;

export function drawScores(brief) {
  if (state.hindsight) drawCalibration(state.hindsight);
  const whole = known(brief);
  if (whole) drawLatency(whole.reasoning.provenance);
}

function drawCalibration({ happened, did_not: didNot, unclear, missed, brier_score: brier, calibration_error: error, ...bins }) {
  const figures = brier === null ? "" : ` Brier score ${brier.toFixed(3)}, calibration error ${error.toFixed(3)}.`;
  byId("brier").textContent = `${happened} happened, ${didNot} did not, ${unclear} unclear, ${missed} missed.${figures}`;
  const place = (x, y) => ({ cx: LOW + SIZE * x, cy: 10 + SIZE * (1 - y) });
  const most = Math.max(...bins.bin_counts, 1);
  const dots = bins.bin_counts.flatMap((count, bin) =>
    count ? [shape("circle", { className: "dot", ...place(bins.bin_probability[bin], bins.bin_happened[bin]), r: 3 + 6 * Math.sqrt(count / most) })] : [],
  );
  byId("calibration").toggleAttribute("hidden", happened + didNot === 0);
  byId("calibration").replaceChildren(
    shape("path", { className: "axis", fill: "none", d: `M${LOW} 10V${10 + SIZE}H${LOW + SIZE}` }),
    shape("path", { className: "diagonal", d: `M${LOW} ${10 + SIZE}L${LOW + SIZE} 10` }),
    ...dots,
    shape("text", { x: LOW, y: SIZE + 26, text: "0" }),
    shape("text", { x: LOW + SIZE / 2, y: SIZE + 26, "text-anchor": "middle", text: "predicted" }),
    shape("text", { x: LOW + SIZE, y: SIZE + 26, "text-anchor": "end", text: "1" }),
    shape("text", { x: 0, y: 14, text: "1" }),
    shape("text", { x: 12, y: 10 + SIZE / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${10 + SIZE / 2})`, text: "happened" }),
  );
}

function drawLatency(source) {
  const parts = PARTS.map(([name, field, word]) => ({ name, word, seconds: source[field] ?? 0 }));
  const pieces = parts.map(({ name, seconds }) => {
    const piece = element("span", { className: name });
    piece.style.setProperty("--part", seconds);
    return piece;
  });
  byId("latency").replaceChildren(...pieces);
  byId("latency").setAttribute("aria-label", parts.map(({ word, seconds }) => `${word} ${seconds.toFixed(2)} s`).join(", "));
  const legend = parts.map(({ name, word, seconds }) =>
    element("span", {}, element("i", { className: `swatch ${name}` }), `${word} ${seconds.toFixed(2)} s`),
  );
  byId("latencies").replaceChildren(...legend, element("span", { text: `all ${source.total_latency.toFixed(2)} s` }));
}
