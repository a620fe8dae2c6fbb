"""Endpoints on the command line: the one, those instead of it, and keys that nobody gets to see."""

import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from pictures import checked
from scripted_server import Ending, Reply, ScriptedServer, chunk, json_reply, spoken, stream

from cosmos_reasoner.cli.main import main

SECRET = "s3cr3t-k3y"
YES = spoken("<think>I look.</think><answer>yes</answer>")


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "board.png"
    cv2.imwrite(str(path), checked(320, 240))
    return str(path)


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def test_a_fallback_answers_where_the_endpoint_does_not(
    picture: str, nobody: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with ScriptedServer([json_reply({}, 500)]) as second:
        others = ["--fallback", f"qwen2_5_vl url={second.url}", "--fallback", "embedded"]
        assert main(["ask", picture, "What is it?", "--endpoint", nobody, *others, "--json"]) == 0
        assert len(second.bodies) == 1
    assert json.loads(capsys.readouterr().out)["provenance"]["profile"] == "embedded"


def test_what_broke_off_is_followed_by_a_line_that_says_so(picture: str, capsys: pytest.CaptureFixture[str]) -> None:
    broken = stream(chunk(content="<think>I look at the thing"), ending=Ending.CUT_OFF)
    with ScriptedServer([broken, YES]) as server:
        main(["ask", picture, "What is it?", "--endpoint", server.url])
    written = capsys.readouterr().out
    assert written.startswith("think\nI look at the thing\n(asked again)\n")
    assert "\nthink\nI look.\nanswer\nyes" in written


def test_a_profile_made_of_the_embedded_one_is_asked_at_its_own_address(
    picture: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    with ScriptedServer([YES]) as server:
        file.write_text(f"base: embedded\nbase_url: {server.url}\n", encoding="utf-8")
        assert main(["ask", picture, "What is it?", "--profile", str(file), "--json"]) == 0
        assert len(server.bodies) == 1
    assert json.loads(capsys.readouterr().out)["provenance"]["profile"] == "embedded"


def test_a_key_can_be_read_from_a_file(picture: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(SECRET, encoding="utf-8")
    file.chmod(0o600)
    with ScriptedServer([YES]) as server:
        main(["ask", picture, "What is it?", "--endpoint", server.url, "--key-file", str(file)])
        assert server.headers[-1]["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    ("fallback", "words"),
    [
        ("nobody", "no profile 'nobody'"),
        ("embedded key_env=NO_SUCH_VARIABLE", "NO_SUCH_VARIABLE"),
        ("embedded http://robot/v1", "write PROFILE"),
        ("modelscope sk-secretsecret", "endpoint 'modelscope': write PROFILE"),
    ],
)
def test_a_fallback_that_cannot_be_used_is_said_before_anything_is_asked(
    picture: str, capsys: pytest.CaptureFixture[str], fallback: str, words: str
) -> None:
    with ScriptedServer() as server:
        assert main(["ask", picture, "?", "--endpoint", server.url, "--fallback", fallback]) == 1
        assert server.paths == []
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1
    assert "secretsecret" not in said


ANSWERS = {
    "an answer": [YES],
    "a refused key": [json_reply({"error": f"no such key: {SECRET}"}, 401)],
    "a refused request": [json_reply({"error": {"message": f"no such key: {SECRET}"}}, 400)],
    "a page": [Reply(502, {"Content-Type": "text/html"}, (SECRET.encode(),))] * 3,
    "an error inside the stream": [stream(chunk(content="<think>I"), {"error": {"message": f"key {SECRET}"}})],
    "a broken connection": [stream(chunk(content="<think>I"), ending=Ending.RESET)] * 3,
}


@pytest.mark.parametrize("replies", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("kind", ["--json", "--language=English"])
def test_no_key_is_in_anything_that_a_command_writes_or_logs(
    picture: str,
    replies: list[Reply],
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    for library in ("openai", "httpx", "httpx2", "httpcore", "asyncio"):
        caplog.set_level(logging.DEBUG, library)
    monkeypatch.setenv("MY_KEY", SECRET)
    with ScriptedServer(replies) as server:
        main(["ask", picture, "What is it?", "--endpoint", server.url, "--key-env", "MY_KEY", kind])
        assert server.headers[-1]["authorization"] == f"Bearer {SECRET}"
    written = capsys.readouterr()
    logged = (
        "".join(map(repr, caplog.records)) + caplog.text + "".join(record.getMessage() for record in caplog.records)
    )
    assert caplog.records
    assert SECRET not in written.out + written.err + logged
    assert written.out + written.err
