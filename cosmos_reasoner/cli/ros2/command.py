"""The command `reason` of the ros2 CLI, found by the entry points in setup.py. Nothing else here needs ros2cli."""

import argparse
import importlib
from collections.abc import Sequence
from types import ModuleType
from typing import ClassVar

from cosmos_reasoner.cli.text import printable
from cosmos_reasoner.errors import CosmosReasonerError

__all__ = ["AskVerb", "DoctorVerb", "RankVerb", "ReasonCommand", "WatchVerb"]

_GROUP = "ros2reason.verb"
"""Entry points of the verbs; ros2cli loads only the one that is wanted."""

_OTHER = "python $(which ros2) reason ..."


class ReasonCommand:
    """Ask a reasoner, have it rank actions, and watch it."""

    def add_arguments(
        self, parser: argparse.ArgumentParser, cli_name: str, *, argv: Sequence[str] | None = None
    ) -> None:
        """Add the verbs."""
        from ros2cli.command import add_subparsers_on_demand

        self._parser = parser
        add_subparsers_on_demand(parser, cli_name, "_verb", _GROUP, required=False, argv=argv)

    def main(self, *, parser: argparse.ArgumentParser, args: argparse.Namespace) -> int | str:  # noqa: ARG002
        """Run the verb; without one, say which there are."""
        if verb := getattr(args, "_verb", None):
            status: int | str = verb.main(args=args)
            return status
        self._parser.print_help()
        return 0


class _Verb:
    """A verb; what it does is in a module that is imported when it is wanted."""

    module: ClassVar[str]

    def add_arguments(self, parser: argparse.ArgumentParser, cli_name: str) -> None:  # noqa: ARG002
        """Add the arguments."""
        self._module().add_arguments(parser)

    def main(self, *, args: argparse.Namespace) -> int | str:
        """Run it.

        Returns:
            The exit status; or what ros2 then prints, with status 1.
        """
        try:
            return int(self._module().run(args))
        except UnicodeEncodeError:
            return "ros2 reason: an argument is not in this terminal's encoding"
        except (CosmosReasonerError, OSError) as error:
            return f"ros2 reason: {printable(str(error))}"
        except ModuleNotFoundError as error:
            return f"ros2 reason: {error.name} is missing where ros2 runs; take the other Python: {_OTHER}"

    def _module(self) -> ModuleType:
        return importlib.import_module(self.module)


class AskVerb(_Verb):
    """Ask a running reasoner a question, and show its reasoning while it is written."""

    module = "cosmos_reasoner.cli.ros2.ask"


class RankVerb(_Verb):
    """Have a running reasoner rank actions by how well they serve a goal."""

    module = "cosmos_reasoner.cli.ros2.rank"


class WatchVerb(_Verb):
    """Show in a terminal what a reasoner writes, predicts and ranks."""

    module = "cosmos_reasoner.cli.watch"


class DoctorVerb(_Verb):
    """Find out what an endpoint can do, and write the profile that fits it."""

    module = "cosmos_reasoner.cli.doctor"
