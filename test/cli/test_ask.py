"""`cosmos-reasoner ask`: a question about a file, answered on the terminal."""

import json
from pathlib import Path

import av
import pytest
from pictures import square
from recorded import shared
from scripted_server import ScriptedServer, spoken

from cosmos_reasoner.cli.main import main


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Three seconds of a square on its way to the right."""
    path = tmp_path / "square.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=4)
        stream.height, stream.width = square(0).shape[:2]
        stream.pix_fmt = "yuv420p"
        for index in range(12):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(square(index), format="bgr24")))
        container.mux(stream.encode())
    return path


def test_the_reasoning_and_the_answer_are_written(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", str(video), "What moves?"]) == 0
    written = capsys.readouterr().out
    assert written.index("think\n") < written.index("answer\n")
    assert "right" in written and "embedded-motion: 12 frames" in written


def test_nothing_but_plain_text_is_written_where_nobody_looks(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", str(video), "What moves?"])
    assert "\x1b" not in capsys.readouterr().out


def test_json_is_the_whole_result_and_nothing_else(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", str(video), "--task", "predict_outcome", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["answer"]["outcomes"][0]["hazard"] in ("NONE", "LOW", "HIGH", "IMMINENT")
    assert result["provenance"]["status"] == "OK"
    assert result["provenance"]["frame_count"] == 12


def test_a_choice_is_one_of_the_options(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--option", "to the left", "--option", "to the right"]
    main(["ask", str(video), "Where does the red thing move?", *options, "--json"])
    assert json.loads(capsys.readouterr().out)["answer"]["option"] == "to the right"


def test_actions_are_ranked(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    actions = ["--action", "a: wait", "--action", "b: move to the right"]
    assert main(["ask", str(video), "--task", "rank_actions", "--goal", "avoid a collision", *actions]) == 0
    assert "%  a" in capsys.readouterr().out


def test_a_stretch_of_the_recording_can_be_chosen(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", str(video), "What moves?", "--at", "1.5", "--duration", "1", "--json"])
    source = json.loads(capsys.readouterr().out)["provenance"]
    assert source["frame_count"] == 4
    assert source["clip_end"] - source["clip_start"] == pytest.approx(0.75e9, abs=2e6)


def test_a_bag_is_asked_about_like_a_video(capsys: pytest.CaptureFixture[str]) -> None:
    bag = shared("bags/bridge_put_carrot_on_plate")
    assert main(["ask", str(bag), "What moves?", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["provenance"]["cameras"]) == 3


def test_an_answer_in_chinese_is_chinese(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", str(video), "What moves?", "--language", "Chinese", "--json"])
    assert any("\u4e00" <= letter <= "\u9fff" for letter in json.loads(capsys.readouterr().out)["reply"])


def test_a_task_of_ones_own_is_asked(video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "direction.yaml").write_text("user: '{clip} Which way does the red thing go?'\n")
    assert main(["ask", str(video), "--task", "direction", "--tasks", str(tmp_path)]) == 0
    assert "right" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "/no/such/file.mp4", "?"], "no such file"),
        (["ask", "VIDEO", "?", "--task", "asc"], "did you mean 'ask'"),
        (["ask", "VIDEO"], "needs a question"),
        (["ask", "VIDEO", "?", "--at", "99"], "lasts"),
        (["ask", "VIDEO", "?", "--profile", "nobody"], "no profile 'nobody'"),
        (["ask", "VIDEO", "?", "--key-env", "NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE"),
        (["ask", "VIDEO", "?", "--endpoint", "http://127.0.0.1:9/v1"], "127.0.0.1:9"),
        (["ask", "VIDEO", "?", "--tasks", "/no/such/folder"], "/no/such/folder"),
        (["ask", "VIDEO", "?", "--action", "nocolon"], "'nocolon'"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    video: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main([str(video) if word == "VIDEO" else word for word in arguments]) == 1
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_a_text_that_would_control_the_terminal_is_made_harmless(
    video: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ScriptedServer([spoken("<think>\x1b[2Jhidden</think><answer>\x07done [red]x[/red]</answer>")]) as server:
        main(["ask", str(video), "?", "--endpoint", server.url])
    written = capsys.readouterr().out
    assert "\x1b" not in written and "\x07" not in written and "done [red]x[/red]" in written
