"""What `cosmos-reasoner evaluate` asks: recordings every so often, labelled questions, or scenes of its own."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from cosmos_reasoner.cli.numbers import seconds
from cosmos_reasoner.cli.questions import add_question_arguments, question_of
from cosmos_reasoner.errors import ConfigurationError, InvalidRequest
from cosmos_reasoner.evaluation.labels.find import read_labels
from cosmos_reasoner.evaluation.labels.item import Item, Labels
from cosmos_reasoner.evaluation.labels.sweep import sweep
from cosmos_reasoner.recordings.names import readable
from cosmos_reasoner.tasks.library import TaskLibrary

__all__ = ["add_item_arguments", "labels_of", "what_of"]

_SCENES = "scenes"

_OF_RECORDINGS = (
    *("every", "duration", "camera", "question"),
    *("task", "option", "action", "goal", "context", "value", "schema", "horizon", "language"),
)
"""Arguments that say what recordings are asked; labels say that themselves."""


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
        InvalidRequest: The question cannot be asked, or an argument would have no effect.
    """
    _check(args)
    found = [read_labels(path, tasks) for path in (*args.questions, *args.benchmark)]
    if args.builtin:
        from cosmos_reasoner.evaluation.scenes.builtin import VERSION, make_scenes

        found.append(make_scenes(args.out / f"{_SCENES}-{VERSION}"))
    if args.recordings:
        question = question_of(args)
        found.append(sweep(args.recordings, question, args.every, args.duration, tuple(args.camera)))
    items = chain.from_iterable(labels.items for labels in found)
    faults = chain.from_iterable(labels.faults for labels in found)
    return Labels(tuple(_with_own_ids(items)), tuple(faults))


def what_of(args: argparse.Namespace) -> str:
    """In a few words what is asked."""
    names = [readable(path.name) for path in (*args.recordings, *args.questions, *args.benchmark)]
    task = f"{args.task} every {args.every:g} s of " if args.recordings else ""
    return task + ", ".join([*names, *([args.builtin] if args.builtin else [])])


def _check(args: argparse.Namespace) -> None:
    labels = bool(args.questions or args.benchmark or args.builtin)
    if not labels and not args.recordings:
        raise ConfigurationError("nothing to evaluate: name recordings, --questions, --benchmark or --builtin scenes")
    if not args.recordings and (useless := _given(args)):
        raise InvalidRequest(f"--{useless[0]} goes with RECORDING..., not with labels")
    if args.as_live and args.ray:
        raise InvalidRequest("--as-live measures time, which --ray would distort: give one of them")
    if args.as_live and labels:
        raise InvalidRequest("--as-live plays recordings: it goes with RECORDING... alone")


def _given(args: argparse.Namespace) -> list[str]:
    """What of _OF_RECORDINGS is not as it is by default."""
    parser = argparse.ArgumentParser()
    add_item_arguments(parser)
    defaults = parser.parse_args([])
    return [name for name in _OF_RECORDINGS if getattr(args, name) != getattr(defaults, name)]


def _with_own_ids(items: Iterable[Item]) -> Iterator[Item]:
    """Number those whose id an earlier one has: two files of labels may use the same."""
    taken: set[str] = set()
    for item in items:
        names = chain((item.id,), (f"{item.id} ({number})" for number in count(2)))
        own = next(name for name in names if name not in taken)
        taken.add(own)
        yield replace(item, id=own)
