from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmos_reasoner.endpoints.spec import EndpointSpec
from cosmos_reasoner.errors import ConfigurationError

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_a_profile_alone_is_enough() -> None:
    assert EndpointSpec.parse("embedded") == EndpointSpec("embedded")


def test_everything_can_be_said_in_any_order_and_quoted() -> None:
    spec = EndpointSpec.parse("'my profile.yaml' model=a/b=c url=http://robot:8000/v1 key_file='~/my key' key_env=KEY")
    assert spec == EndpointSpec("my profile.yaml", "http://robot:8000/v1", "a/b=c", "KEY", "~/my key")


@given(st.builds(EndpointSpec, WORDS.filter(lambda name: "=" not in name), WORDS, WORDS, WORDS, WORDS))
def test_what_is_written_is_read_as_it_was(spec: EndpointSpec) -> None:
    assert EndpointSpec.parse(str(spec)) == spec


@pytest.mark.parametrize(
    "text",
    [
        "",
        "url=http://robot/v1",
        "embedded http://robot/v1",
        "embedded url=",
        "embedded url=a url=b",
        "embedded profile=b",
        "embedded 'url=a",
    ],
)
def test_another_form_is_refused_with_the_right_one(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"write PROFILE \[url=URL\]"):
        EndpointSpec.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "modelscope key=s3cr3t-k3y",
        "key=s3cr3t-k3y",
        "modelscope 'key=s3cr3t-k3y",
        "modelscope s3cr3t-k3y",
        "s3cr3t-k3y modelscope",
        "modelscope s3cr3tk3y==",
        "s3cr3tk3y== modelscope",
    ],
)
def test_a_key_that_was_put_here_by_mistake_is_not_repeated(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        EndpointSpec.parse(text)
    assert "s3cr3t" not in str(caught.value)


def test_the_name_of_what_is_unknown_is_said() -> None:
    with pytest.raises(ConfigurationError, match=r"endpoint 'modelscope'.*\['key'\]"):
        EndpointSpec.parse("modelscope key=x")


def test_a_client_has_the_profile_s_address_unless_another_is_given(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\nbase_url: http://mine:1/v1\n", encoding="utf-8")
    assert EndpointSpec(str(file)).client().base_url == "http://mine:1/v1"
    assert EndpointSpec(str(file), "http://other:1/v1").client().base_url == "http://other:1/v1"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (EndpointSpec("nobody"), "no profile 'nobody'"),
        (EndpointSpec("embedded", "robot"), "give one like http"),
        (EndpointSpec("embedded", key_env="NO_SUCH_VARIABLE"), "NO_SUCH_VARIABLE"),
        (EndpointSpec("embedded", key_file="/no/such/key"), "/no/such/key"),
    ],
)
def test_what_cannot_be_used_is_said_when_the_client_is_made(spec: EndpointSpec, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        spec.client()
