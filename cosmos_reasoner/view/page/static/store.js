// What the page knows: the moments of the last hour, what is being written, and how the reasoner is.

const HOUR = 3600;

export const moments = new Map(); // request id -> what the list tells of a result, oldest first
export const writing = new Map(); // request id -> { task, think, answer } of what is on its way
export const state = { now: 0, chosen: null, diagnostics: {}, hindsight: null, connected: false };

export function put(brief) {
  moments.set(brief.id, brief);
  writing.delete(brief.id);
  for (const [id, oldest] of moments) {
    if (id === state.chosen || !(state.now - Number(oldest.end) > HOUR)) break;
    moments.delete(id);
  }
}

export function wrote({ request_id: id, task, part, text }) {
  if (part === "end") {
    writing.delete(id);
    return;
  }
  const sofar = writing.get(id) ?? { task, think: "", answer: "" };
  writing.set(id, part === "restart" ? { task, think: "", answer: "" } : { ...sofar, [part]: sofar[part] + text });
}

export const newest = (fits = () => true) => [...moments.values()].findLast(fits) ?? null;

// The moment to show: the chosen one, or the newest.
export const shown = () => moments.get(state.chosen) ?? newest((each) => !hasFailed(each)) ?? newest();

export const hasFailed = (brief) => brief.status === "failed" || brief.status === "defective";

// What became of a result, as the timeline marks it.
export const fate = (brief) => (hasFailed(brief) ? "failed" : brief.verdict || (brief.hazard ? "open" : "answered"));
