from pathlib import Path
from typing import Any

import pytest
import yaml
from pictures import SECOND, plain, raw_frame

from cosmos_reasoner.clips.clip import Clip, View
from cosmos_reasoner.clips.encode import MediaForm
from cosmos_reasoner.endpoints.profile import AuthScheme, ConstraintMode, Profile, TimeMode
from cosmos_reasoner.endpoints.profile_files import load_profile, shipped_profiles
from cosmos_reasoner.errors import ConfigurationError


def written(directory: Path, content: Any) -> str:
    """Path of a profile file."""
    file = directory / "mine.yaml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return str(file)


def test_every_system_has_its_profile() -> None:
    assert shipped_profiles() == (
        *("computenest", "cosmos_reason1", "embedded", "modelscope", "qwen2_5_vl", "qwen3_vl"),
    )


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_shipped_profile_loads_under_its_file_s_name_and_says_what_it_is_for(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert profile.description
    assert profile.base_url.endswith("/v1")


def test_cosmos_reason1_is_asked_as_its_model_card_and_its_server_want_it() -> None:
    profile = load_profile("cosmos_reason1")
    drawn = profile.sampling.reasoning
    assert (drawn.temperature, drawn.top_p, drawn.max_tokens) == (0.6, 0.95, 4096)
    assert (profile.media.time, profile.media.rules.factor, profile.media.max_frames) == (TimeMode.BURNED_IN, 28, 32)
    assert (profile.constraint, profile.logprobs) == (ConstraintMode.REGEX, 20)


def test_the_embedded_endpoint_is_local_and_draws_no_lots() -> None:
    profile = load_profile("embedded")
    assert profile.base_url.startswith("http://127.0.0.1:")
    assert profile.sampling.reasoning.temperature == profile.sampling.direct.temperature == 0
    assert profile.media.time is TimeMode.METADATA


def test_a_user_s_file_needs_no_more_than_a_name(tmp_path: Path) -> None:
    assert load_profile(written(tmp_path, {"name": "mine"})) == Profile(name="mine")


def test_a_user_s_file_says_what_differs(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, {"name": "mine", "auth": "plain", "media": {"form": "images"}}))
    assert profile.auth is AuthScheme.PLAIN
    assert profile.media.form is MediaForm.IMAGES
    assert profile.media.quality == 85


def test_a_user_s_file_may_say_what_differs_from_a_shipped_one(tmp_path: Path) -> None:
    file = written(tmp_path, {"base": "qwen3_vl", "name": "mine", "auth": "plain", "media": {"max_frames": 8}})
    profile, base = load_profile(file), load_profile("qwen3_vl")
    assert profile == base.model_copy(
        update={"name": "mine", "auth": AuthScheme.PLAIN, "media": base.media.model_copy(update={"max_frames": 8})}
    )


@pytest.mark.parametrize("section", [None, 3, []])
def test_a_section_that_is_none_is_no_reason_to_take_the_base_s(tmp_path: Path, section: Any) -> None:
    with pytest.raises(ConfigurationError, match="media: "):
        load_profile(written(tmp_path, {"base": "qwen3_vl", "media": section}))


def test_views_with_different_times_travel_as_images_with_their_times_as_text() -> None:
    media = load_profile("qwen3_vl").media
    front, left = ([raw_frame(plain(28, 28), i * SECOND, camera) for i in range(3)] for camera in ("front", "left"))
    alike = Clip((View("front", tuple(front)), View("left", tuple(left))))
    different = Clip((View("front", tuple(front)), View("left", tuple(left[1:]))))
    assert media.suited_to(alike) is media
    assert (media.suited_to(different).form, media.suited_to(different).time) == (MediaForm.IMAGES, TimeMode.TEXT)


def test_a_path_may_start_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {"name": "mine"})
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_profile("~/mine.yaml").name == "mine"


def test_an_unknown_profile_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"no profile 'gpt': name one of computenest, cosmos_reason1.*\.yaml"):
        load_profile("gpt")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"profile .*nowhere\.yaml: .*No such file"):
        load_profile(str(tmp_path / "nowhere.yaml"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"name": "m", "base_urls": "http://x/v1"}, "unknown key 'base_urls', did you mean 'base_url'?"),
        ({"name": "m", "media": {"qualty": 90}}, "unknown key 'media.qualty', did you mean 'quality'?"),
        (
            {"name": "m", "prompting": {"answer_tags": 1}},
            "unknown key 'prompting.answer_tags', did you mean 'answer_tag'?",
        ),
        ({"name": "m", "xyzzy": 1}, "unknown key 'xyzzy'"),
        (
            {"name": "m", "sampling": {"direct": {"temperature": 3}}},
            "sampling.direct.temperature: Input should be less than or equal to 2",
        ),
        ({"name": "m", "media": {"form": "gif"}}, "media.form: Input should be 'mp4', 'jpeg_sequence' or 'images'"),
        ({"name": "m", "media": {"processor": "vit"}}, "media.processor: Input should be 'qwen2_5_vl' or 'qwen3_vl'"),
        (
            {"name": "m", "sampling": {"direct": {"topp": 1}}},
            "unknown key 'sampling.direct.topp', did you mean 'top_p'?",
        ),
        ({"base": "gpt", "name": "m"}, "base 'gpt' is not the name of a shipped profile: name one of computenest"),
        ({"base": "own.yaml", "name": "m"}, "base 'own.yaml' is not the name of a shipped profile"),
        ({"base": ["qwen3_vl"]}, "is not the name of a shipped profile"),
        ({"name": "m", "base_url": "robot:8000/v1"}, "base_url: Value error, give an address like http"),
        ({"name": "m", "base_url": ""}, "give an address like http://127.0.0.1:8000/v1"),
        ("name: m\nlogprobs: 1\nname: n", "'name' is said twice"),
        ("name: m\nmedia: {quality: 1, 'quality': 2}", "'quality' is said twice"),
        ("base: qwen3_vl\nbase: embedded", "'base' is said twice"),
        ({"name": "m", "media": 3}, "media: Input should be a valid dictionary"),
        ({"name": "m", "logprobs": 21}, "logprobs: Input should be less than or equal to 20"),
        ({"name": "m", "constraint": "always", "concurrency": 0}, "constraint: "),
        ({"name": "m", "constraint": "always", "concurrency": 0}, "; concurrency: "),
        ({"name": ""}, "name: "),
        ({"description": "no name"}, "name: Field required"),
        ({"name": "m", 5: 5}, "5: "),
        ("", "the file: Input should be a valid dictionary"),
        ("- name", "the file: Input should be a valid dictionary"),
        ("name: [", "line 1: expected"),
        ("name: m\nkey: 'sk-secret", "line 2: found unexpected end of stream"),
        ("name: m\nkey: sk-secret: x", "line 2: mapping values are not allowed here"),
        ("name: m\nlogprobs: !!int sk-secret", "it cannot be read as YAML"),
        ("name: !!timestamp sk-secret", "it cannot be read as YAML"),
        ({"base": "sk-secret-secret-secret-secret"}, "base of this name is not the name of a shipped profile"),
        ({"name": "m", "base_url": "http//sk-secret@robot"}, "give an address"),
        ({"name": "m", "media": {"max_megabytes": float("inf")}}, "media.max_megabytes: Input should be a finite"),
    ],
)
def test_a_file_that_is_no_profile_is_named_with_the_reason(tmp_path: Path, content: Any, reason: str) -> None:
    file = written(tmp_path, content)
    with pytest.raises(ConfigurationError) as caught:
        load_profile(file)
    assert str(caught.value).startswith(f"profile {file}: ")
    assert reason in str(caught.value)
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


def test_a_path_that_is_none_is_named() -> None:
    for path in ("~nobody-of-this-name/mine.yaml", "a\0.yaml"):
        with pytest.raises(ConfigurationError, match=r"^profile .*\.yaml: "):
            load_profile(path)


def test_a_key_in_the_place_of_a_profile_is_not_repeated() -> None:
    with pytest.raises(ConfigurationError, match="no profile of this name") as caught:
        load_profile("sk-secret-secret-secret-secret")
    assert "secret" not in str(caught.value)


def test_sections_may_share_what_an_anchor_names(tmp_path: Path) -> None:
    text = "name: m\nsampling:\n  reasoning: &same {seed: 7, top_p: 0.5}\n  direct: {<<: *same, top_p: 1.0}\n"
    sampling = load_profile(written(tmp_path, text)).sampling
    assert (sampling.direct.seed, sampling.direct.top_p, sampling.reasoning.top_p) == (7, 1.0, 0.5)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(ConfigurationError, match=r"mine\.yaml: .*codec can't decode"):
        load_profile(str(tmp_path / "mine.yaml"))


def test_a_profile_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_profile("embedded").name = "other"  # type: ignore[misc]


def test_limits_in_tokens_become_limits_in_pixels() -> None:
    encoding = load_profile("cosmos_reason1").media.encoding
    assert (encoding.limits.factor, encoding.limits.smallest) == (28, 128 * 784)
    assert (encoding.limits.largest, encoding.limits.clip) == (768 * 784, 2 * 8192 * 784)
    assert (encoding.form, encoding.max_frames, encoding.quality) == (MediaForm.JPEG_SEQUENCE, 32, 85)


def test_times_are_burned_in_only_where_the_profile_says_so() -> None:
    assert load_profile("cosmos_reason1").media.encoding.burn_in
    assert not load_profile("embedded").media.encoding.burn_in


def test_the_style_of_the_prompts_is_the_profile_s() -> None:
    style = load_profile("cosmos_reason1").prompting.style
    assert (style.reasoning, style.answer_tag, style.coordinates) == ("system", True, "pixels")


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ("{form: mp4, time: metadata}", "jpeg_sequence only"),
        ("{form: jpeg_sequence, time: text}", "images only"),
        ("{processor: qwen3_vl, time: burned_in}", "do not divide"),
    ],
)
def test_times_that_would_not_reach_the_model_are_refused(tmp_path: Path, media: str, words: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"name: mine\nmedia: {media}\n")
    with pytest.raises(ConfigurationError, match=words):
        load_profile(str(file))
