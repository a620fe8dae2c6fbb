// What the page knows: the moments of the last hour, what is being written, and how the reasoner is.

const HOUR = 3600;
const PATIENCE = 30_000; // ms after which what nobody writes on counts as broken off

export const moments = new Map(); // request id -> what the list tells of a result, oldest first
export const writing = new Map(); // request id -> { task, think, answer, heard } of what is on its way
export const state = { now: 0, silent: 0, chosen: null, diagnostics: {}, hindsight: null, connected: false };

export function takeAll({ moments: briefs, ...rest }) {
  moments.clear();
  writing.clear();
  for (const brief of briefs) moments.set(brief.id, brief);
  Object.assign(state, rest);
}

export function put(brief) {
  moments.set(brief.id, brief);
  writing.delete(brief.id);
  for (const [id, oldest] of moments) {
    if (!(state.now - oldest.at > HOUR)) break;
    if (id !== state.chosen) moments.delete(id);
  }
}

export function wrote({ request_id: id, task, part, text }) {
  if (part === "end") {
    writing.delete(id);
    return;
  }
  const fresh = { task, think: "", answer: "", heard: Date.now() };
  const sofar = part === "restart" ? fresh : { ...(writing.get(id) ?? fresh), heard: Date.now() };
  writing.set(id, part === "restart" ? fresh : { ...sofar, [part]: sofar[part] + text });
}

// What is being written now, if anything is.
export function written() {
  for (const [id, { heard }] of writing) if (Date.now() - heard > PATIENCE) writing.delete(id);
  return [...writing.values()].at(-1) ?? null;
}

export const newest = (fits = () => true) => [...moments.values()].findLast(fits) ?? null;

// The moment to show: the chosen one, or the newest that has an answer.
export const shown = () => moments.get(state.chosen) ?? newest((each) => !hasFailed(each));

export const hasFailed = (brief) => brief.status === "failed" || brief.status === "defective";

// What became of a result, as the timeline marks it.
export const fate = (brief) => (hasFailed(brief) ? "failed" : brief.verdict || (brief.hazard ? "open" : "answered"));
