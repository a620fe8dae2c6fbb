"""`ros2 reason ask`: a question to a running reasoner."""

import argparse

from cosmos_reasoner.cli.ros2.arguments import add_reasoner_arguments

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("question", help="what is asked about what the cameras see now")
    parser.add_argument(
        "--option", action="append", default=[], metavar="TEXT", help="an answer to choose from; repeat it"
    )
    add_reasoner_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Ask, and print what is thought and answered; of options, the probability of each.

    Returns:
        0.

    Raises:
        CosmosReasonerError: There is no answer.
    """
    from cosmos_reasoner.cli.console import Console
    from cosmos_reasoner.cli.result_lines import share_line
    from cosmos_reasoner.cli.ros2.asking import ask
    from cosmos_reasoner.cli.ros2.showing import Transcript, show_source
    from cosmos_reasoner.nodes.conversions import duration
    from cosmos_reasoner_msgs.action import Reason

    console = Console()
    goal = Reason.Goal(question=args.question, options=args.option, time_budget=duration(args.budget))
    with Transcript(console) as transcript:
        result = ask(args.node, goal, transcript)
    if result.option_probabilities:
        for index, (option, share) in enumerate(zip(args.option, result.option_probabilities)):
            console.line(share_line(option, share), style="bold" if index == result.option else "")
    elif transcript.answer.strip() != result.reasoning.answer:
        console.line(result.reasoning.answer, style="bold")
    show_source(result.reasoning, console)
    return 0
