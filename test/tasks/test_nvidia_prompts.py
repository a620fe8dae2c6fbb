from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from pictures import SECOND, frame_at

from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.tasks.library import TaskLibrary
from cosmos_reasoner.tasks.prompt import Prompt, PromptStyle, render
from cosmos_reasoner.tasks.task import Question

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "prompts_nvidia"
FILES = sorted(FOLDER.glob("*.yaml"))
QUESTION = Question(text="Does the cup fall?", options=("yes", "no"))
GROUNDING = replace(QUESTION, extra={"object_name": "the cup"})

pytestmark = pytest.mark.skipif(not FILES, reason=f"NVIDIA's prompt files are not at {FOLDER}")


def prompt_of(file: Path, style: PromptStyle) -> Prompt:
    clip = Clip.of([frame_at(SECOND), frame_at(2 * SECOND)])
    question = GROUNDING if file.stem == "2d_grounding" else QUESTION
    return render(TaskLibrary.load(FOLDER).named(file.stem), question, clip, style)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_text_of_the_file_is_sent_as_it_stands(file: Path) -> None:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    prompt = prompt_of(file, PromptStyle())
    assert content.get("system_prompt", "").strip() in prompt.system
    expected = content.get("user_prompt", "Does the cup fall?\n(A) yes\n(B) no").strip()
    assert prompt.user.startswith(expected.replace("{object_name}", "the cup"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_reasoning_is_asked_for_exactly_once(file: Path) -> None:
    for where in ("system", "user"):
        prompt = prompt_of(file, PromptStyle(where))
        assert (prompt.system + prompt.user).count("<think>") == 1
