"""`cosmos-reasoner ask`: a question about a file, answered on the terminal."""

import base64
import json
from pathlib import Path

import av
import cv2
import numpy as np
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


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """One picture of the square."""
    path = tmp_path / "square.png"
    cv2.imwrite(str(path), square(0))
    return path


def images_sent(server: ScriptedServer) -> list[tuple[int, ...]]:
    """Shapes of the pictures in the first request."""
    parts = server.bodies[0]["messages"][-1]["content"]
    files = [base64.b64decode(part["image_url"]["url"].partition(",")[2]) for part in parts if "image_url" in part]
    return [cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR).shape for file in files]


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
        (["ask"], "--image"),
        (["ask", "--image", "/no/such.png", "?"], "/no/such.png: no such picture"),
        (["ask", "--image", "README.md", "?"], "README.md"),
        (["ask", "VIDEO", "?", "--image", "VIDEO"], "give one of them"),
        (["ask", "VIDEO", "?", "--value", "nocolon"], "'nocolon'"),
        (["ask", "VIDEO", "?", "--value", "place: here"], "takes no value for the word 'place'"),
        (["ask", "VIDEO", "?", "--schema", "/no/such.json"], "/no/such.json"),
        (["ask", "VIDEO", "?", "--schema", "README.md"], "not JSON"),
        (["ask", "VIDEO", "--task", "extract"], "needs a schema"),
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


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "bmp"])
def test_a_single_picture_is_asked_about(tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"square.{ending}"
    assert cv2.imwrite(str(path), square(0))
    with ScriptedServer([spoken("EXIT")]) as server:
        assert main(["ask", "--image", str(path), "--task", "ocr", "--json", "--endpoint", server.url]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["answer"] == {"text": "EXIT"}
    assert (result["provenance"]["cameras"], result["provenance"]["frame_count"]) == (["image1"], 1)
    assert len(images_sent(server)) == 1


def test_several_pictures_are_as_many_cameras_without_time_between_them(
    picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ScriptedServer([spoken("<think>.</think><answer>It is the same.</answer>")]) as server:
        images = ["--image", str(picture), "--image", str(picture)]
        assert main(["ask", *images, "What changed?", "--json", "--endpoint", server.url]) == 0
    source = json.loads(capsys.readouterr().out)["provenance"]
    assert (source["cameras"], source["clip_end"] - source["clip_start"]) == (["image1", "image2"], 0)
    words = [part["text"] for part in server.bodies[0]["messages"][-1]["content"] if part["type"] == "text"]
    assert words[:2] == ["Camera image1:\n", "Camera image2:\n"]
    assert words[-1] == "There are 2 pictures, in this order: image1, image2.\nWhat changed?"


def test_what_was_found_is_shown_in_pixels_as_taken(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = '[{"bbox_2d": [0, 0, 100000, 100000], "label": "square"}, {"point_2d": [0, 0], "label": ""}]'
    with ScriptedServer([spoken(answer), spoken("[]")]) as server:
        arguments = ["ask", "--image", str(picture), "--task", "ground", "squares", "--endpoint", server.url]
        assert main(arguments) == 0
        assert main(arguments) == 0
    written = capsys.readouterr().out
    assert "square: box 0,0 to 320,240 in image1\nunnamed: point 0,0 in image1\n" in written
    assert "nothing found\n" in written


def test_events_are_shown_in_seconds_from_the_clip_s_start(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = '<think>.</think><answer>[{"start": 0.25, "end": "00:01.50", "text": "It slides."}]</answer>'
    with ScriptedServer([spoken(answer), spoken("<think>.</think><answer>[]</answer>")]) as server:
        arguments = ["ask", str(video), "--task", "events", "--at", "2.5", "--duration", "2", "--endpoint", server.url]
        assert main(arguments) == 0
        assert main([*arguments]) == 0
    written = capsys.readouterr().out
    assert "0.25 to 1.50 s  It slides.\n" in written and "no event\n" in written


def test_data_of_one_s_own_schema_is_shown_and_is_whole_in_the_json(
    picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "object", "properties": {"颜色": {"type": "string"}}, "required": ["颜色"]}')
    with ScriptedServer([spoken('{"颜色": "红"}'), spoken('{"颜色": "红"}'), spoken("{}")]) as server:
        arguments = ["ask", "--image", str(picture), "--task", "extract", "--schema", str(schema)]
        arguments += ["--endpoint", server.url]
        assert main(arguments) == 0
        assert '{\n  "颜色": "红"\n}\n' in capsys.readouterr().out
        assert main([*arguments, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["answer"] == {"data": {"颜色": "红"}}
        assert main(arguments) == 3
    assert "breaks the schema" in capsys.readouterr().out


def test_values_fill_the_words_of_a_task_of_ones_own(picture: Path, tmp_path: Path) -> None:
    (tmp_path / "find.yaml").write_text("user: 'Is there a {thing} {place}?'\nreasoning: false\n")
    with ScriptedServer([spoken("Yes.")]) as server:
        values = ["--value", "thing: red square", "--value", "place: at noon: 12:00"]
        arguments = ["--task", "find", "--tasks", str(tmp_path), *values, "--endpoint", server.url]
        assert main(["ask", "--image", str(picture), *arguments]) == 0
    assert server.bodies[0]["messages"][-1]["content"][-1]["text"] == "Is there a red square at noon: 12:00?"
