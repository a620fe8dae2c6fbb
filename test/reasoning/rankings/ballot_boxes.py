"""Questions about actions, replies to them, and polls that hold given ballots."""

from collections.abc import Sequence

from cosmos_reasoner.endpoints.events import Finish, Token
from cosmos_reasoner.reasoning.exchange import Exchange
from cosmos_reasoner.reasoning.rankings.ballots import Ballot, Poll
from cosmos_reasoner.replies.levels import Origin
from cosmos_reasoner.replies.parser import ReplyParser
from cosmos_reasoner.tasks.prompt import Prompt
from cosmos_reasoner.tasks.task import Action, AnswerType, Question, RankingMethod


def about(*names: str, method: RankingMethod = RankingMethod.LOGPROB) -> Question:
    """A question about these actions."""
    actions = tuple(Action(name, f"do {name}") for name in names)
    return Question("rank_actions", goal="arrive", actions=actions, method=method)


def reply(question: Question, answer: str, tokens: Sequence[Token] = (), think: str = "x") -> Exchange:
    """A reply to one ordering."""
    content = f"<think>{think}</think>{answer}"
    parser = ReplyParser(expects_reasoning=True, answer_tag=False)
    parser.feed(content)
    prompt = Prompt("", "", AnswerType.RANKING, tuple(action.description for action in question.actions))
    return Exchange(prompt, parser.finish("stop"), content, tuple(tokens), Finish("stop", "m"), 0.0)


def ballot(
    question: Question, *shares: float, origin: Origin = Origin.LOGPROB, lines: Sequence[tuple[str, str]] = ()
) -> Ballot:
    """What one reply says of the actions in the order of the question."""
    ids = [action.id for action in question.actions]
    return Ballot(dict(zip(ids, shares)), origin, dict(zip(ids, lines)))


def box(question: Question, *ballots: Ballot) -> Poll:
    """A poll of which every reply could be read."""
    poll = Poll(question)
    poll.ballots.extend(ballots)
    poll.asked = poll.answered = len(ballots)
    return poll
