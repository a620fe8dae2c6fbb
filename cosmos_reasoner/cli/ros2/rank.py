"""`ros2 reason rank`: actions, ranked by a running reasoner."""

import argparse
from typing import TYPE_CHECKING

from cosmos_reasoner.cli.ros2.arguments import add_reasoner_arguments
from cosmos_reasoner.errors import InvalidRequest

if TYPE_CHECKING:
    from cosmos_reasoner_msgs.msg import ActionCandidate

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    action = "an action, in quotes: its id, a colon, what the model reads; all stand side by side"
    parser.add_argument("actions", nargs="+", metavar="'ID: TEXT'", help=action)
    parser.add_argument("--goal", required=True, help="what the actions shall serve")
    add_reasoner_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Have the actions ranked, and print the ranking and how much to make of it.

    Returns:
        0.

    Raises:
        CosmosReasonerError: An action cannot be read, or there is no ranking.
    """
    from cosmos_reasoner.cli.console import Console
    from cosmos_reasoner.cli.result_lines import ResultLines, ranking_facts
    from cosmos_reasoner.cli.ros2.asking import ask
    from cosmos_reasoner.cli.ros2.showing import Transcript, show_source
    from cosmos_reasoner.nodes.conversions import duration
    from cosmos_reasoner.nodes.plain import plain
    from cosmos_reasoner_msgs.action import Reason

    console = Console()
    goal = Reason.Goal(
        task="rank_actions",
        goal=args.goal,
        actions=[_candidate(text) for text in args.actions],
        time_budget=duration(args.budget),
    )
    with Transcript(console) as transcript:
        result = ask(args.node, goal, transcript)
    ranking = plain(result.ranking)
    ResultLines(console).ranked(ranking, None)
    console.line(f"  {ranking_facts(ranking)}")
    show_source(result.reasoning, console)
    return 0


def _candidate(text: str) -> "ActionCandidate":
    from cosmos_reasoner.tasks.task import Action
    from cosmos_reasoner_msgs.msg import ActionCandidate

    try:
        action = Action.parse(text)
    except ValueError as error:
        raise InvalidRequest(f"action {error}") from error
    return ActionCandidate(id=action.id, description=action.description)
