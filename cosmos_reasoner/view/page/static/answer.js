// What was thought, expected and ranked: of the chosen moment, or the newest of each.

import { byId, element, percent, share } from "./dom.js";
import { hasFailed, newest, state, written } from "./store.js";

const details = new Map(); // request id -> { brief, whole } of the moments that were looked at last
const drawn = {}; // part of the page -> what it shows, so that nothing is drawn twice and a selection stays
const KEPT = 20;
const WORDS = { happened: "✓ happened", did_not: "✗ did not", unclear: "? unclear" };
const NOTHING = { reasoning: { provenance: { task: "", status: "ok" }, question: "", think: "", answer: "", defects: [] }, verdicts: [] };

// Draws a moment; `changed` is called when its details have come.
export function drawAnswer(brief, changed) {
  const predicted = state.chosen ? brief : newest((each) => each.hazard);
  const ranked = state.chosen ? brief : newest((each) => each.task === "rank_actions" && !hasFailed(each));
  const live = state.chosen ? null : written();
  if (live) once("thought", live, () => drawWriting(live));
  else showDetails("thought", brief, changed, drawThought);
  showDetails("outcomes", predicted, changed, drawOutcomes);
  showDetails("ranking", ranked, changed, drawRanking);
}

export const known = (brief) => details.get(brief?.id)?.whole ?? null;

function showDetails(part, brief, changed, show) {
  if (!brief) return;
  const found = details.get(brief.id);
  if (found?.brief !== brief) load(brief, found?.whole, changed);
  const whole = found?.whole;
  if (whole === undefined && !state.chosen) return; // what is newer is on its way: until then, the one before
  once(part, whole ?? brief.id + whole, () => show(whole ?? { ...NOTHING, missing: whole === null }));
}

function once(part, what, show) {
  if (drawn[part] === what) return;
  drawn[part] = what;
  show();
}

// Loads the details of a moment, once for each state of it; null where they are not kept any more.
function load(brief, before, changed) {
  details.delete(brief.id);
  details.set(brief.id, { brief, whole: before });
  if (details.size > KEPT) details.delete(details.keys().next().value);
  fetch(`moments/${encodeURIComponent(brief.id)}`)
    .then((answer) => (answer.status === 200 ? answer.json() : null))
    .then((whole) => {
      if (details.get(brief.id)?.brief === brief) details.set(brief.id, { brief, whole });
      changed();
    })
    .catch(() => details.delete(brief.id));
}

function drawWriting({ task, think, answer }) {
  fill("asked", `${task}, being written`);
  fill("think", think);
  fill("answer", answer);
  byId("defects").replaceChildren();
}

function drawThought({ reasoning, outcome, action_ranking: ranking, missing }) {
  fill("asked", missing ? "This answer is not kept any more." : reasoning.provenance.task);
  fill("think", reasoning.think);
  fill("answer", outcome || ranking ? "" : reasoning.answer);
  fill("question", reasoning.question);
  fill("reply", reasoning.answer);
  const { status, status_text: why } = reasoning.provenance;
  const faults = status === "ok" ? [] : [`${status}: ${why}`];
  faults.push(...reasoning.defects.map((defect) => `${defect.kind}: ${defect.text}`));
  byId("defects").replaceChildren(...faults.map((text) => element("li", { text })));
}

// Keeps the end in sight while text grows, unless somebody scrolled up.
function fill(id, text) {
  const node = byId(id);
  if (node.textContent === text) return;
  const atEnd = node.scrollHeight - node.scrollTop - node.clientHeight < 40;
  node.textContent = text;
  if (atEnd) node.scrollTop = node.scrollHeight;
}

function drawOutcomes({ outcome, verdicts }) {
  const verdictOf = new Map(verdicts.map((each) => [each.statement, each.verdict]));
  const lines = (outcome?.outcomes ?? []).map((each) => {
    const verdict = verdictOf.get(each.text.split(/\s+/).join(" ").trim());
    const fate = verdict ? [element("small", { className: `verdict ${verdict}`, text: WORDS[verdict] })] : [];
    const tag = ["low", "high", "imminent"].includes(each.hazard) ? [element("span", { className: `tag ${each.hazard}`, text: each.hazard })] : [];
    return bar(each.text, each.probability, tag, fate);
  });
  show("outcomes", lines, "No prediction here.");
}

function drawRanking({ action_ranking: ranking }) {
  byId("goal").textContent = ranking?.goal ?? "";
  const lines = (ranking?.actions ?? []).map((each) =>
    bar(each.id, each.score, [], [element("small", { text: each.expected_outcome || each.description })]),
  );
  show("ranking", lines, "No ranking here.");
}

function bar(text, value, tags, below) {
  const line = element("div", { className: "line" }, element("span", { className: "share", text: percent(value) }));
  line.append(element("span", { className: "text", text }), ...tags);
  return element("li", {}, line, share(element("div", { className: "track" }), value), ...below);
}

function show(id, lines, otherwise) {
  byId(id).replaceChildren(...(lines.length ? lines : [element("li", { className: "quiet", text: otherwise })]));
}
