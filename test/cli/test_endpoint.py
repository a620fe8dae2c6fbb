"""The endpoint as a program."""

import json
import os
import re
import signal
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from pictures import jpeg, square

ROOT = Path(__file__).resolve().parents[2]
START = [sys.executable, "-c", "from cosmos_reasoner.cli.endpoint import main; raise SystemExit(main())"]


def started(*options: str, **environment: str) -> subprocess.Popen[str]:
    """Start the program."""
    return subprocess.Popen(
        [*START, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


def url_of(process: "subprocess.Popen[str]") -> str:
    """The address that it prints."""
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.fullmatch(r"serving embedded-motion on (http://127\.0\.0\.1:\d+/v1)\n", line)
    assert match is not None, line
    return match[1]


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(name: signal.Signals) -> None:
    with started("--port", "0") as process:
        with urlopen(f"{url_of(process)}/models", timeout=30) as response:
            assert b"embedded-motion" in response.read()

        process.send_signal(name)

        assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0


def test_told_twice_while_somebody_waits_for_an_answer_it_ends_in_order() -> None:
    picture = f"data:image/jpeg;base64,{b64encode(jpeg(square(0))).decode()}"
    content = [{"type": "image_url", "image_url": {"url": picture}}, {"type": "text", "text": "What moves?"}]
    body = {"messages": [{"role": "user", "content": content}], "stream": True}
    with started("--port", "0", "--tokens-per-second", "0.05") as process:
        asked = Request(f"{url_of(process)}/chat/completions", json.dumps(body).encode())
        with urlopen(asked, timeout=30) as reply:
            assert reply.readline().startswith(b"data:")
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGINT)

            assert process.communicate(timeout=30) == ("", "")
            assert process.returncode == 0


def test_it_asks_for_the_key_of_the_environment() -> None:
    with started("--port", "0", "--key-env", "ROBOT_KEY", ROBOT_KEY="secret") as process:
        request = Request(f"{url_of(process)}/models", headers={"Authorization": "Bearer secret"})
        with urlopen(request, timeout=30) as response:
            assert response.status == 200

        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--key-env", "NO_SUCH_KEY"], "environment variable NO_SUCH_KEY holds no key"),
        (["--tokens-per-second", "-1"], "--tokens-per-second -1: must not be below 0"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1:8010"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(options: list[str], reason: str) -> None:
    process = started(*options)

    out, error = process.communicate(timeout=30)

    assert process.returncode == 1
    assert out == ""
    assert error.startswith("cosmos-reasoner: ")
    assert error.count("\n") == 1
    assert reason in error
