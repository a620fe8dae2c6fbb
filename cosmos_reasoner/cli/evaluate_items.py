"""What `cosmos-reasoner evaluate` asks: recordings every so often, labelled questions, or scenes of its own."""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from cosmos_reasoner.cli.numbers import seconds
from cosmos_reasoner.cli.questions import add_question_arguments, question_of
from cosmos_reasoner.errors import ConfigurationError, InvalidRequest
from cosmos_reasoner.evaluation.labels.find import read_labels
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.labels.sweep import sweep
from cosmos_reasoner.tasks.library import TaskLibrary

__all__ = ["add_item_arguments", "labels_of", "what_of"]

_SCENES = "scenes"


def add_item_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say what is asked."""
    add = parser.add_argument_group("what is asked").add_argument
    add("recordings", nargs="*", type=Path, metavar="RECORDING", help="bags, videos, folders of pictures")
    add("--every", type=seconds, default=2.0, metavar="S", help="ask about a recording so often (default: 2s)")
    add("--duration", type=seconds, default=4.0, metavar="S", help="so much of it each time (default: 4s)")
    add("--camera", action="append", default=[], help="a camera to look at; repeat it (default: all)")
    add("--question", default="", help="the question, or the statement to verify")
    add("--questions", action="append", default=[], type=Path, metavar="FILE", help="labelled questions; repeat it")
    add("--benchmark", action="append", default=[], type=Path, metavar="DIR", help="a benchmark's folder; repeat it")
    add("--builtin", choices=[_SCENES], help="the simulated scenes that come with the package")
    add_question_arguments(parser, task="predict_outcome")


def labels_of(args: argparse.Namespace, tasks: TaskLibrary) -> Labels:
    """Everything that the arguments ask.

    Raises:
        ConfigurationError: Labels cannot be read at all, or nothing is asked.
        InvalidRequest: The question cannot be asked.
    """
    found = [read_labels(path, tasks) for path in (*args.questions, *args.benchmark)]
    if args.builtin:
        from cosmos_reasoner.evaluation.scenes.builtin import VERSION, make_scenes

        found.append(make_scenes(args.out / f"{_SCENES}-{VERSION}"))
    if args.recordings:
        question = question_of(args)
        found.append(sweep(args.recordings, question, args.every, args.duration, tuple(args.camera)))
    if not found:
        raise ConfigurationError("nothing to evaluate: name recordings, --questions, --benchmark or --builtin scenes")
    if args.as_live and args.ray:
        raise InvalidRequest("--as-live measures time, which --ray would distort: give one of them")
    if args.as_live and (args.questions or args.benchmark or args.builtin):
        raise InvalidRequest("--as-live plays recordings: it goes with RECORDING... alone")
    items = chain.from_iterable(labels.items for labels in found)
    faults = chain.from_iterable(labels.faults for labels in found)
    return Labels(tuple(_with_own_ids(items)), tuple(faults))


def what_of(args: argparse.Namespace) -> str:
    """In a few words what is asked."""
    names = [path.name for path in (*args.recordings, *args.questions, *args.benchmark)]
    task = f"{args.task} every {args.every:g} s of " if args.recordings else ""
    return task + ", ".join([*names, *([args.builtin] if args.builtin else [])])


def _with_own_ids(items: Iterable[Item]) -> Iterator[Item]:
    """Number those whose id another one has: two files of labels may use the same."""
    seen: Counter[str] = Counter()
    for item in items:
        seen[item.id] += 1
        yield item if seen[item.id] == 1 else replace(item, id=f"{item.id} ({seen[item.id]})")
