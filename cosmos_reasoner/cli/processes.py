"""Parts of the demo that run as programs of their own, as they would on a robot."""

import signal
import subprocess
import sys
from types import TracebackType

__all__ = ["Process"]

_PATIENCE = 5.0
"""s that a program has to end by itself after SIGINT."""


class Process:
    """A module of this package as a program, ended with the `with` block.

    Args:
        module: Its name.
        arguments: What it is given.
    """

    def __init__(self, module: str, arguments: list[str]) -> None:
        self.name = module.rpartition(".")[2]
        self._command = [sys.executable, "-m", module, *arguments]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> "Process":
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, start_new_session=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process is None or not self.is_running:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
