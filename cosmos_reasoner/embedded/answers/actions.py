"""What the caller could do, weighed against a goal."""

from cosmos_reasoner.embedded.answers.moves import MOVES, Weighed, read_goal, read_move, weigh
from cosmos_reasoner.embedded.answers.problem import Considered, Problem, softmax

__all__ = ["consider_actions", "consider_next_action"]

_SHARPNESS = 2.0
"""Factor from utility to log-odds."""


def consider_actions(problem: Problem) -> Considered:
    """Weigh the actions of the caller; the answer is a letter. An action without a known word gets the mean utility."""
    asked = problem.asked
    goal = read_goal(asked.goal, problem.lexicon)
    weighed = [weigh(read_move(text, problem.lexicon), goal, problem.facts, asked.horizon) for _, text in asked.options]
    known = [entry.utility for entry in weighed if entry.move]
    neutral = sum(known) / len(known) if known else 0.0
    scores = [_SHARPNESS * (entry.utility if entry.move else neutral) for entry in weighed]
    lines = [_line(problem, letter, entry, goal.target > 0) for (letter, _), entry in zip(asked.options, weighed)]
    return Considered((problem.voice.say(goal.kind), *lines), softmax([letter for letter, _ in asked.options], scores))


def consider_next_action(problem: Problem) -> Considered:
    """Weigh the moves that this endpoint knows; the answer is a sentence."""
    asked, voice = problem.asked, problem.voice
    goal = read_goal(asked.goal or asked.text, problem.lexicon)
    weighed = [weigh(name, goal, problem.facts, asked.horizon) for name in MOVES]
    texts = [
        voice.say("next_action", action=voice.action(entry.move), why=_why(problem, entry, goal.target > 0))
        for entry in weighed
    ]
    scores = [_SHARPNESS * entry.utility for entry in weighed]
    return Considered((voice.say(goal.kind), *texts), softmax(texts, scores))


def _line(problem: Problem, letter: str, entry: Weighed, target: bool) -> str:
    outcome = problem.voice.say(f"act_{entry.move or 'unknown'}")
    return problem.voice.say("option", letter=letter, outcome=outcome, why=_why(problem, entry, target))


def _why(problem: Problem, entry: Weighed, target: bool) -> str:
    voice = problem.voice
    if not entry.move:
        return voice.say("words_none")
    blocked = voice.say("why_blocked", name=voice.name(*entry.threat)) if entry.threat else voice.say("why_clear")
    numbers = {"risk": f"{entry.risk:.2f}", "progress": f"{entry.progress:+.2f}", "utility": f"{entry.utility:+.2f}"}
    toward = [voice.say("why_target", target=f"{entry.target:+.2f}")] if target else []
    return voice.listed([blocked, *toward, voice.say("why_action", **numbers)])
