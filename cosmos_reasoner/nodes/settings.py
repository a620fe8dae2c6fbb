"""Every parameter of the reasoner node: name, type, default, range and meaning, in one table."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cosmos_reasoner.endpoints.spec import EndpointSpec
from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.tasks.task import Action, RankingMethod

__all__ = ["Settings", "is_read_only"]

_TRANSPORTS = ("raw", "compressed")
_NAME = re.compile(r"[A-Za-z]\w*(/[A-Za-z]\w*)*", re.ASCII)


def _fixed(default: Any, description: str, **limits: Any) -> Any:
    """A parameter that counts when the node is configured and cannot be changed while it runs."""
    return Field(default, description=description, json_schema_extra={"read_only": True}, **limits)


def _live(default: Any, description: str, **limits: Any) -> Any:
    """A parameter that may be changed at any time."""
    return Field(default, description=description, **limits)


Strings = tuple[str, ...]


class Settings(BaseModel):
    """The parameters, checked. A list of strings that is to be empty holds one empty string, as ROS 2 needs a type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    autostart: bool = _fixed(False, "configure and activate at the start, without a lifecycle manager")
    cameras: Strings = _fixed(
        ("camera",), "names of 1 to 8 cameras, the most important first; NAME is heard on NAME/image_raw"
    )
    transports: Strings = _fixed(
        ("raw",), "raw or compressed (NAME/image_raw/compressed); one for each camera, or one for all"
    )
    sample_rate: float = _fixed(4.0, "frames kept a second and camera, by their header stamps [Hz]", ge=0.1, le=60.0)
    buffer_seconds: float = _fixed(10.0, "how far back clips can reach [s]", ge=1.0, le=600.0)
    buffer_megabytes: int = _fixed(
        256,
        "what all buffered frames may hold together, and once more those that wait for a verdict [MB]",
        ge=1,
        le=65536,
    )
    endpoint_url: str = _fixed("", "address of the endpoint, ending in /v1; empty: the profile's")
    profile: str = _fixed("cosmos_reason1", "name of a shipped profile, or path of a YAML file")
    model: str = _fixed("", "model to ask; empty: the first that the endpoint lists")
    key_env: str = _fixed("", "name of the environment variable that holds the endpoint's key")
    key_file: str = _fixed("", "path of the file that holds the endpoint's key; used when key_env is empty")
    fallbacks: Strings = _fixed(
        ("",),
        "endpoints to ask, in this order, when those before do not answer: "
        "PROFILE [url=URL] [model=NAME] [key_env=NAME] [key_file=PATH]",
    )
    hindsight_endpoint: str = _fixed(
        "",
        "endpoint that verifies predicted outcomes, written as in fallbacks; empty: the one that predicts, unless it "
        "has a daily quota",
    )
    task_directory: str = _fixed("", "folder with your own tasks")
    concurrency: int = _fixed(0, "requests to the first endpoint at once; 0: as its profile says", ge=0, le=256)
    queue_size: int = _fixed(16, "requests that may wait; one more is refused with BUSY", ge=1, le=1024)
    periodic: Strings = _live(
        ("predict_outcome 2.0",), "what is asked again and again: task, a space, the period in seconds"
    )
    clip_duration: float = _live(4.0, "length of a clip when the request names none [s]", ge=0.1, le=120.0)
    question: str = _live("", "question of periodic tasks that need one")
    goal: str = _live("", "goal of periodic tasks that need one")
    actions: Strings = _live(("",), "actions of a periodic ranking: id, a colon, what the model reads")
    context: str = _live("", "what the model should know, told with every question that brings no context of its own")
    horizon: float = _live(2.0, "how far predictions look ahead when the request names nothing [s]", ge=0.1, le=600.0)
    max_outcomes: int = _live(3, "outcomes of a prediction at most when the request names nothing", ge=1, le=8)
    hindsight: bool = _live(
        True, "verify predicted outcomes when their horizon has passed, while no caller asks anything"
    )
    ranking_method: RankingMethod = _fixed(
        "auto",
        "how actions are ranked: logprob, vote, self_reported or pairwise; "
        "auto: logprob where the profile has it, else vote",
        validate_default=True,
    )
    orderings: int = _fixed(8, "in how many orderings the actions of a ranking are asked at most", ge=1, le=26)
    answer_language: str = _live("English", "language of the answers, by its English name", min_length=1)
    time_budget: float = _live(30.0, "longest time until an answer when the request names none [s]", ge=0.05, le=3600.0)
    max_result_age: float = _live(
        10.0, "age of the clip's end from which a result counts as stale [s]", ge=0.1, le=3600.0
    )
    camera_timeout: float = _live(2.0, "silence from which a camera counts as stopped [s]", ge=0.1, le=600.0)

    @classmethod
    def checked(cls, values: dict[str, Any]) -> "Settings":
        """Check values.

        Raises:
            ConfigurationError: One is wrong; the message says which and why.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ConfigurationError("; ".join(_explained(dict(entry)) for entry in error.errors())) from error

    @property
    def endpoints(self) -> tuple[EndpointSpec, ...]:
        """Who is asked, in this order.

        Raises:
            ConfigurationError: A fallback cannot be read.
        """
        first = EndpointSpec(self.profile, self.endpoint_url, self.model, self.key_env, self.key_file)
        return first, *(EndpointSpec.parse(entry) for entry in self.fallbacks if entry.strip())

    @property
    def verifying_endpoints(self) -> tuple[EndpointSpec, ...]:
        """Who verifies predicted outcomes; empty for those who predict.

        Raises:
            ConfigurationError: It cannot be read.
        """
        return (EndpointSpec.parse(self.hindsight_endpoint),) if self.hindsight_endpoint.strip() else ()

    @property
    def transport_of(self) -> dict[str, str]:
        """The transport of each camera."""
        each = self.transports * len(self.cameras) if len(self.transports) == 1 else self.transports
        return dict(zip(self.cameras, each))

    @property
    def periods(self) -> dict[str, float]:
        """Periodic tasks with their periods, s."""
        return dict(_periodic(entry) for entry in self.periodic if entry.strip())

    @property
    def ranked_actions(self) -> tuple[Action, ...]:
        """The actions of a periodic ranking."""
        try:
            return tuple(Action.parse(entry) for entry in self.actions if entry.strip())
        except ValueError as error:
            raise ValueError(f"actions: {error}") from error

    @model_validator(mode="after")
    def _fit_together(self) -> "Settings":
        if not 1 <= len(self.cameras) <= 8 or len(set(self.cameras)) < len(self.cameras):
            raise ValueError("cameras: give 1 to 8 different names")
        wrong = [name for name in self.cameras if not _NAME.fullmatch(name)]
        if wrong:
            raise ValueError(f"cameras: {wrong[0]!r} cannot be part of a topic's name")
        if len(self.transports) not in (1, len(self.cameras)) or not set(self.transports) <= set(_TRANSPORTS):
            raise ValueError("transports: give raw or compressed, once or once for each camera")
        if self.clip_duration > self.buffer_seconds:
            raise ValueError(f"clip_duration: {self.clip_duration:g} s is more than buffer_seconds")
        ids = [action.id for action in self.ranked_actions]
        if len(set(ids)) < len(ids):
            raise ValueError("actions: an id stands more than once")
        if len(self.periods) < sum(bool(entry.strip()) for entry in self.periodic):
            raise ValueError("periodic: a task stands more than once")
        return self


def is_read_only(name: str) -> bool:
    """Whether a parameter counts only when the node is configured."""
    extra = Settings.model_fields[name].json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("read_only"))


def _explained(entry: dict[str, Any]) -> str:
    """A fault in words: ours as we wrote it, pydantic's with the name of the parameter."""
    ours = entry.get("ctx", {}).get("error")
    return str(ours) if ours else f"{entry['loc'][0]}: {entry['msg']}"


def _periodic(entry: str) -> tuple[str, float]:
    task, _, period = entry.strip().rpartition(" ")
    try:
        seconds = float(period)
    except ValueError:
        seconds = 0.0
    if not task.strip() or not 0.05 <= seconds <= 86400.0:
        raise ValueError(f"periodic: {entry!r} is not a task, a space and a period from 0.05 to 86400 s")
    return task.strip(), seconds
