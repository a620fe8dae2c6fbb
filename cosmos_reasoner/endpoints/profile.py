"""What a family of endpoints wants and can do, as YAML."""

from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cosmos_reasoner.clips.burn_in import STRIP_HEIGHT
from cosmos_reasoner.clips.encode import Encoding, MediaForm
from cosmos_reasoner.clips.sizing import PixelLimits
from cosmos_reasoner.errors import ConfigurationError
from cosmos_reasoner.tasks.prompt import PromptStyle

__all__ = [
    "AuthScheme",
    "ConstraintMode",
    "Media",
    "Profile",
    "Prompting",
    "Sampling",
    "TimeMode",
    "load_profile",
    "shipped_profiles",
]


_SHIPPED = Path(__file__).parent / "profiles"


class TimeMode(str, Enum):
    """How a model is told when the frames were taken."""

    BURNED_IN = "burned_in"  # written below the frames
    METADATA = "metadata"  # media_io_kwargs beside the request
    TEXT = "text"  # a line before each image
    NONE = "none"


class ConstraintMode(str, Enum):
    """How an endpoint can be held to an answer."""

    NONE = "none"
    REGEX = "regex"  # structured_outputs over the whole text, reasoning included
    SCHEMA = "schema"  # response_format and structured_outputs over the answer alone


class AuthScheme(str, Enum):
    """What stands before the key in the Authorization header."""

    BEARER = "bearer"
    PLAIN = "plain"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Media(_Section):
    """How clips travel; limits in vision tokens of `factor` x `factor` px."""

    form: MediaForm = MediaForm.JPEG_SEQUENCE
    time: TimeMode = TimeMode.BURNED_IN
    factor: int = Field(28, ge=2, multiple_of=2)
    smallest_tokens: int = Field(128, ge=1)
    largest_tokens: int = Field(768, ge=1)
    clip_tokens: int = Field(8192, ge=1)
    max_frames: int = Field(32, ge=1)
    quality: int = Field(85, ge=1, le=100)

    @model_validator(mode="after")
    def _times_reach_the_model(self) -> "Media":
        if self.time is TimeMode.METADATA and self.form is not MediaForm.JPEG_SEQUENCE:
            raise ValueError("time: metadata goes with form: jpeg_sequence only")
        if self.time is TimeMode.TEXT and self.form is not MediaForm.IMAGES:
            raise ValueError("time: text goes with form: images only")
        if self.time is TimeMode.BURNED_IN and STRIP_HEIGHT % self.factor:
            raise ValueError(f"time: burned_in adds {STRIP_HEIGHT} px, which factor: {self.factor} does not divide")
        return self

    @property
    def encoding(self) -> Encoding:
        """The same in the words of the encoder."""
        token = self.factor * self.factor
        limits = PixelLimits(
            self.factor, self.smallest_tokens * token, self.largest_tokens * token, 2 * self.clip_tokens * token
        )
        return Encoding(self.form, limits, self.max_frames, self.time is TimeMode.BURNED_IN, self.quality)


class Prompting(_Section):
    """How the model is asked."""

    reasoning: Literal["system", "user", "none"] = "system"
    answer_tag: bool = True
    coordinates: Literal["pixels", "thousandths"] = "pixels"

    @property
    def style(self) -> PromptStyle:
        """The same in the words of the tasks."""
        return PromptStyle(self.reasoning, self.answer_tag, self.coordinates)


class Sampling(_Section):
    """How tokens are drawn; always sent, because a server's own defaults come from the model's files."""

    temperature: float = Field(0.6, ge=0, le=2)
    top_p: float = Field(0.95, gt=0, le=1)
    max_tokens: int = Field(4096, ge=1)
    seed: int = 0


class Profile(_Section):
    """What a family of endpoints wants and can do.

    Attributes:
        name: Published with every result.
        description: One sentence for people.
        base_url: Where such an endpoint usually is; ends in /v1.
        auth: What stands before the key.
        media: How clips travel.
        prompting: How the model is asked.
        sampling: How tokens are drawn.
        constraint: How the endpoint can be held to an answer.
        logprobs: How many alternatives a token may be asked for; 0 when there are no log-probabilities.
        concurrency: Requests at the same time at most.
    """

    name: str = Field(min_length=1)
    description: str = ""
    base_url: str = "http://127.0.0.1:8000/v1"
    auth: AuthScheme = AuthScheme.BEARER
    media: Media = Media()
    prompting: Prompting = Prompting()
    sampling: Sampling = Sampling()
    constraint: ConstraintMode = ConstraintMode.NONE
    logprobs: int = Field(0, ge=0, le=20)
    concurrency: int = Field(4, ge=1)


def shipped_profiles() -> tuple[str, ...]:
    """Names of the profiles that come with the package."""
    return tuple(sorted(file.stem for file in _SHIPPED.glob("*.yaml")))


def load_profile(name_or_path: str) -> Profile:
    """Read a profile.

    Args:
        name_or_path: Name of a shipped profile, or path of a YAML file.

    Raises:
        ConfigurationError: There is none, or it is not valid; an unknown key is named with the nearest known one.
    """
    if name_or_path.endswith((".yaml", ".yml")):
        file = Path(name_or_path).expanduser()
    elif name_or_path in shipped_profiles():
        file = _SHIPPED / f"{name_or_path}.yaml"
    else:
        raise ConfigurationError(
            f"no profile {name_or_path!r}: name one of {', '.join(shipped_profiles())}, or a file ending in .yaml"
        )
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"profile {file}: {error}") from error
    return _validated(data, str(file))


def _validated(data: object, where: str) -> Profile:
    try:
        return Profile.model_validate(data)
    except ValidationError as error:
        lines = [_explain(dict(entry)) for entry in error.errors()]
        raise ConfigurationError(f"profile {where}: {'; '.join(lines)}") from error


def _explain(entry: dict[str, Any]) -> str:
    place = [str(part) for part in entry["loc"]]
    if entry["type"] != "extra_forbidden":
        return f"{'.'.join(place) or 'the file'}: {entry['msg']}"
    model: type[BaseModel] = Profile
    for part in place[:-1]:
        model = type(model.model_fields[part].default)
    near = get_close_matches(place[-1], model.model_fields, n=1)
    return f"unknown key {'.'.join(place)!r}" + (f", did you mean {near[0]!r}?" if near else "")
