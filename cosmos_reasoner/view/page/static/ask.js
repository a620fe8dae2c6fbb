// Asking: the reply is shown while it is written, and the result becomes a moment like any other.

import { byId } from "./dom.js";

const WORDS = { ask: "Question", verify: "Statement" };

const lines = (id) => byId(id).value.split("\n").map((line) => line.trim()).filter(Boolean);

export function listenToForm() {
  const form = byId("ask");
  byId("task").addEventListener("change", fit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (byId("send").getAttribute("aria-disabled") !== "true") ask(wish());
  });
  fit();
}

function fit() {
  const task = byId("task").value;
  for (const label of document.querySelectorAll("[data-for]")) label.hidden = !label.dataset.for.split(" ").includes(task);
  byId("words").textContent = WORDS[task] ?? "";
}

function wish() {
  const task = byId("task").value;
  const question = task in WORDS ? { question: byId("text").value } : {};
  if (task === "ask") return { task, ...question, options: lines("options") };
  if (task === "rank_actions") return { task, goal: byId("wanted").value, actions: lines("actions").map(action) };
  return { task, ...question };
}

function action(line) {
  const [id, ...rest] = line.split(":");
  return { id: id.trim(), description: rest.join(":").trim() || id.trim() };
}

async function ask(body) {
  const stop = new AbortController();
  byId("cancel").onclick = () => stop.abort();
  busy(true);
  try {
    const answer = await fetch("ask", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: stop.signal });
    if (!answer.ok) return say((await answer.json()).error);
    for await (const piece of pieces(answer.body)) {
      if (piece.error) return say(piece.error);
      if (piece.result) return say(piece.result.reasoning.answer);
      say("It answers …");
    }
    return say("The page's server ended.");
  } catch (error) {
    return say(stop.signal.aborted ? "Cancelled." : "The page's server cannot be reached.");
  } finally {
    busy(false);
  }
}

async function* pieces(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) yield JSON.parse(part);
  }
}

function say(text) {
  byId("said").textContent = text;
}

function busy(isBusy) {
  byId("send").setAttribute("aria-disabled", isBusy); // disabled, it would lose the focus
  if (!isBusy && document.activeElement === byId("cancel")) byId("send").focus();
  byId("cancel").hidden = !isBusy;
  if (isBusy) say("Asked …");
}
