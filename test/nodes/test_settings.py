"""The parameter table: what it takes, and what it refuses and why."""

import pytest

from cosmos_reasoner.endpoints.spec import EndpointSpec
from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.nodes.settings import Settings, is_read_only
from cosmos_reasoner.tasks.task import Action


def test_the_defaults_fit_together() -> None:
    assert Settings().periods == {"predict_outcome": 2.0}


def test_one_transport_counts_for_all_cameras() -> None:
    settings = Settings(cameras=("a", "b"), transports=("compressed",))
    assert settings.transport_of == {"a": "compressed", "b": "compressed"}


def test_every_camera_may_have_its_own_transport() -> None:
    settings = Settings(cameras=("a", "b"), transports=("compressed", "raw"))
    assert settings.transport_of == {"a": "compressed", "b": "raw"}


def test_actions_are_an_id_and_what_the_model_reads() -> None:
    settings = Settings(actions=("stop: stand still: at once", "go: go on"))
    assert settings.ranked_actions == (Action("stop", "stand still: at once"), Action("go", "go on"))


def test_empty_strings_stand_for_an_empty_list() -> None:
    assert Settings(periodic=("",)).periods == {}


def test_without_fallbacks_one_endpoint_is_asked() -> None:
    settings = Settings(profile="embedded", endpoint_url="http://robot:1/v1", model="m", key_env="K", key_file="f")
    assert settings.endpoints == (EndpointSpec("embedded", "http://robot:1/v1", "m", "K", "f"),)


def test_fallbacks_are_asked_in_their_order() -> None:
    settings = Settings(fallbacks=("modelscope key_env=KEY", "", "embedded url=http://robot:1/v1"))
    assert settings.endpoints[1:] == (
        EndpointSpec("modelscope", key_env="KEY"),
        EndpointSpec("embedded", "http://robot:1/v1"),
    )


def test_topology_cannot_be_changed_while_the_node_runs() -> None:
    assert is_read_only("cameras")
    assert not is_read_only("goal")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cameras": ()}, "1 to 8"),
        ({"cameras": tuple("abcdefghi")}, "1 to 8"),
        ({"cameras": ("a", "a")}, "different"),
        ({"cameras": ("a b",)}, "'a b'"),
        ({"transports": ("theora",)}, "raw or compressed"),
        ({"cameras": ("a",), "transports": ("raw", "raw")}, "raw or compressed"),
        ({"sample_rate": 0.0}, "sample_rate"),
        ({"clip_duration": 30.0}, "buffer_seconds"),
        ({"periodic": ("predict_outcome",)}, "period"),
        ({"periodic": ("predict_outcome never",)}, "period"),
        ({"periodic": ("predict_outcome 0",)}, "period"),
        ({"periodic": ("describe 2.0", "describe 3.0")}, "more than once"),
        ({"cameras": ("caméra",)}, "part of a topic"),
        ({"answer_language": ""}, "answer_language"),
        ({"actions": ("no colon",)}, "'no colon'"),
        ({"actions": ("a: x", "a: y")}, "more than once"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_bad_values_are_refused_with_the_reason(values: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        Settings.checked(values)
