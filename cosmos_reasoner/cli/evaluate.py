"""`cosmos-reasoner evaluate`: recordings or labelled questions in, scores and a report out."""

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from cosmos_reasoner.cli.asking import add_endpoint_arguments, endpoints_of
from cosmos_reasoner.cli.console import Console
from cosmos_reasoner.cli.evaluate_items import add_item_arguments, labels_of, what_of
from cosmos_reasoner.cli.evaluate_log import Answered, write_log
from cosmos_reasoner.cli.evaluate_screen import EvaluateScreen, show_summary
from cosmos_reasoner.cli.numbers import count, positive
from cosmos_reasoner.endpoints.spec import EndpointSpec
from cosmos_reasoner.errors import ConfigurationError, CosmosReasonerError
from cosmos_reasoner.evaluation.labels.item import Labels
from cosmos_reasoner.evaluation.run.asking import Asker
from cosmos_reasoner.evaluation.run.cluster import ClusterAsker
from cosmos_reasoner.evaluation.run.keys import Keys
from cosmos_reasoner.evaluation.run.results import ResultsFile
from cosmos_reasoner.evaluation.run.shard import Job
from cosmos_reasoner.evaluation.scoring.summary import Summary
from cosmos_reasoner.evaluation.session import NOT_SEEN, Session, Who
from cosmos_reasoner.reasoning.reasoner import Reasoner
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.view.rrd.stream import check_rerun

__all__ = ["add_arguments", "main", "run"]

_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_item_arguments(parser)
    group = parser.add_argument_group("run")
    group.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the run; a run in it goes on")
    group.add_argument("--rate", type=positive, default=4.0, metavar="HZ", help="frames a second (default: 4)")
    group.add_argument("--runs", type=count, default=1, metavar="K", help="ask everything K times (default: 1)")
    group.add_argument("--budget", type=positive, default=120.0, metavar="S", help="longest time until an answer")
    group.add_argument("--concurrency", type=count, metavar="N", help="requests at once (default: as the profile says)")
    group.add_argument("--as-live", action="store_true", help="be a robot that plays the recordings")
    group.add_argument(
        "--max-age", type=positive, default=10.0, metavar="S", help="with --as-live: older answers are stale"
    )
    group.add_argument("--no-hindsight", action="store_true", help="do not look what became of predictions")
    group.add_argument(
        "--witness",
        default="",
        metavar="SPEC",
        help="another endpoint that looks: 'PROFILE [url=URL] [model=NAME] ...'",
    )
    logged = "write pictures and results for the viewer of rerun; an older file of it is replaced"
    group.add_argument("--rerun", type=Path, metavar="FILE", help=logged)
    group.add_argument("--ray", default="", metavar="ADDRESS", help="ask on a Ray cluster; local: started here")
    group.add_argument("--workers", type=count, default=2, metavar="N", help="with --ray: recordings at once")
    add_endpoint_arguments(parser, fallbacks=False)


def run(args: argparse.Namespace) -> int:
    """Run, or go on with what is in the folder.

    Returns:
        0 when every item has a result, 2 when some have none, 130 when the user ended it.

    Raises:
        CosmosReasonerError: It could not start.
    """
    console = Console()
    tasks = TaskLibrary.load(args.tasks)
    if args.rerun:
        check_rerun(args.rerun)
    (args.out / "strips").mkdir(parents=True, exist_ok=True)
    labels = labels_of(args, tasks)
    if not labels.items:
        raise ConfigurationError("; ".join(labels.faults) or "there is nothing to ask")
    with endpoints_of(args) as endpoints, ResultsFile(args.out / "results.jsonl") as results:
        return asyncio.run(_run(args, console, tasks, labels, endpoints[0], results))


def main() -> int:
    """Run as `ros2 run cosmos_reasoner evaluate`."""
    from cosmos_reasoner.cli.main import main as whole

    return whole(["evaluate", *sys.argv[1:]])


async def _run(
    args: argparse.Namespace,
    console: Console,
    tasks: TaskLibrary,
    labels: Labels,
    endpoint: EndpointSpec,
    results: ResultsFile,
) -> int:
    async with AsyncExitStack() as clients:
        who = await _who(args, tasks, endpoint, clients, live=args.as_live)
        other = EndpointSpec.parse(args.witness) if args.witness else endpoint
        looks = None if args.no_hindsight else await _who(args, tasks, other, clients, live=False)
        with EvaluateScreen(console) as screen:
            session = Session(args.out, what_of(args), labels, who, looks, screen, args.runs, args.max_age)
            status = await _ask(session, results, screen)
    summary = session.write(results)
    show_summary(summary, args.out, console)
    is_written = _write_bag(session, results, args.out / "predictions.mcap", console)
    is_written &= _write_log(session, results, args, console)
    return status or (0 if is_written and _is_complete(summary, labels) else 2)


async def _ask(session: Session, results: ResultsFile, screen: EvaluateScreen) -> int:
    """Ask as far as it goes: what there is by then is still worth a report.

    Raises:
        CosmosReasonerError: It could not start.
    """
    try:
        await session.ask(results)
    except (CosmosReasonerError, OSError) as error:
        if not results.records:
            raise
        screen.fault(f"stopped: {error}")
        return 2
    except asyncio.CancelledError:
        screen.fault("stopped by the user: the same command goes on from here")
        return _INTERRUPTED
    return 0


def _write_bag(session: Session, results: ResultsFile, file: Path, console: Console) -> bool:
    """Write the predictions as a bag, where ROS 2 is there; say whether all went well."""
    try:
        from cosmos_reasoner.nodes.predictions_bag import Published, write_predictions_bag
    except ModuleNotFoundError as error:
        console.line(f"no {file.name}: it needs ROS 2 ({error.name} is missing)", style="yellow")
        return True
    try:
        strips = file.parent / "strips"
        told = [
            Published(when, result, about, str(item.recording), strips / f"{key}.jpg")
            for when, result, about, item, key in session.published(results)
        ]
        write_predictions_bag(file, told)
    except (OSError, OverflowError, ValueError, AssertionError) as error:
        console.line(f"no {file.name}: {error}", style="yellow")
        return False
    return True


def _write_log(session: Session, results: ResultsFile, args: argparse.Namespace, console: Console) -> bool:
    """Write the file of rerun, if one is wanted; say whether all went well."""
    if not args.rerun:
        return True
    strips = args.out / "strips"
    told = [Answered(item, result, strips / f"{key}.jpg") for _, result, _, item, key in session.published(results)]
    try:
        write_log(args.rerun, told, args.rate)
    except (ConfigurationError, OSError) as error:
        console.line(f"no {args.rerun}: {error}", style="yellow")
        return False
    console.line(f"look at it: rerun {args.rerun}", style="bold")
    return True


async def _who(
    args: argparse.Namespace, tasks: TaskLibrary, endpoint: EndpointSpec, clients: AsyncExitStack, live: bool
) -> Who:
    client = endpoint.client(args.concurrency)
    clients.push_async_callback(client.close)
    named = replace(endpoint, model=await client.model())  # whatever is served later, this one is asked
    keys = Keys(tasks, client.profile, named.model, args.rate, live)
    at_once, strips = args.concurrency or client.profile.concurrency, args.out / "strips"
    if args.ray:
        job = Job(named, args.tasks, args.rate, max(at_once // args.workers, 1), args.budget)
        return Who(ClusterAsker(args.ray, job, args.workers, strips), keys)
    asked = named.client(args.concurrency)
    clients.push_async_callback(asked.close)
    return Who(Asker(Reasoner([asked], tasks), args.rate, at_once, args.budget, strips), keys)


def _is_complete(summary: Summary, labels: Labels) -> bool:
    """Whether every item has a result; one that a simulated robot dropped is as it should be."""
    counts = summary.counts
    is_asked = counts["answered"] + counts.get("dropped", 0) == counts["items"]
    return is_asked and not labels.faults and not counts.get(NOT_SEEN)


if __name__ == "__main__":
    sys.exit(main())
