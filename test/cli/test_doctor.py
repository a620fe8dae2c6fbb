"""`cosmos-reasoner doctor`: what an endpoint can do, on the terminal."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from server_kinds import Kind, KindServer

from cosmos_reasoner.cli.main import main
from cosmos_reasoner.endpoints.profile_files import load_profile

KEY = "a-very-secret-key"


def test_without_an_address_the_embedded_endpoint_is_examined(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    written = capsys.readouterr().out
    assert "embedded-motion" in written and "WARN" not in written
    assert written.endswith("base: embedded\n")


def test_what_a_server_does_silently_is_written_with_advice(capsys: pytest.CaptureFixture[str]) -> None:
    with KindServer(Kind()) as server:
        assert main(["doctor", "--endpoint", server.url]) == 0
    lines = capsys.readouterr().out.splitlines()
    place = next(index for index, line in enumerate(lines) if "32 of 40 frames" in line)
    assert lines[place].split()[:2] == ["WARN", "jpeg_sequence"]
    assert lines[place + 1].strip().startswith("-> serve it with --media-io-kwargs")
    assert not any("\x1b" in line for line in lines)


def test_the_profile_is_written_and_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    with KindServer(replace(Kind(), refuses=frozenset({"logprobs", "media_io_kwargs"}))) as server:
        assert main(["doctor", "--endpoint", server.url, "--write", str(file)]) == 0
        assert (load_profile(str(file)).logprobs, load_profile(str(file)).base_url) == (0, server.url)
        assert main(["doctor", "--endpoint", server.url, "--profile", str(file), "--json"]) == 0
    assert f"profile written to {file}" in capsys.readouterr().out


def test_a_profile_of_ones_own_is_written_back_as_it_was(tmp_path: Path) -> None:
    given, written = tmp_path / "given.yaml", tmp_path / "written.yaml"
    given.write_text("base: cosmos_reason1\nname: ours\nconcurrency: 1\nsampling: {direct: {seed: 7}}\n")
    with KindServer(Kind()) as server:
        arguments = ["--endpoint", server.url, "--profile", str(given), "--write", str(written)]
        assert main(["doctor", *arguments]) == 0
        expected = load_profile(str(given)).model_copy(update={"base_url": server.url})
    assert load_profile(str(written)) == expected


def test_json_is_the_whole_report_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["model"] == "embedded-motion" and report["profile"] == {"base": "embedded"}
    assert {finding["group"] for finding in report["findings"]} == {"endpoint", "media", "answers", "behaviour"}


def test_the_key_is_nowhere_in_what_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    file = tmp_path / "mine.yaml"
    with KindServer(replace(Kind(), key=KEY, scheme="")) as server:
        arguments = ["doctor", "--endpoint", server.url, "--key-env", "MY_KEY"]
        assert main([*arguments, "--write", str(file)]) == 0
        assert main([*arguments, "--json"]) == 0
    with KindServer(replace(Kind(), key="another")) as server:
        assert main(["doctor", "--endpoint", server.url, "--key-env", "MY_KEY"]) == 1
    said = capsys.readouterr()
    assert KEY not in said.out + said.err + file.read_text()
    assert "auth: plain" in file.read_text()


def test_a_key_can_be_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY, encoding="utf-8")
    file.chmod(0o600)
    with KindServer(replace(Kind(), key=KEY)) as server:
        assert main(["doctor", "--endpoint", server.url, "--key-file", str(file)]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--endpoint", "http://127.0.0.1:9/v1"], "127.0.0.1:9"),
        (["--endpoint", "nowhere"], "give one like"),
        (["--profile", "nobody"], "no profile 'nobody'"),
        (["--write", "/no/such/folder/p.yaml"], "/no/such/folder/p.yaml"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["doctor", *arguments]) == 1
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_a_model_s_name_cannot_control_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with KindServer(replace(Kind(), model="a\x1b[2Jb")) as server:
        main(["doctor", "--endpoint", server.url])
    assert "\x1b" not in capsys.readouterr().out
