"""What a family of endpoints wants and can do."""

from enum import Enum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cosmos_reasoner.clips.burn_in import STRIP_HEIGHT
from cosmos_reasoner.clips.clip import Clip
from cosmos_reasoner.clips.encode import Encoding, MediaForm
from cosmos_reasoner.clips.processors import Processor, ProcessorName, processor_named
from cosmos_reasoner.tasks.prompt import PromptStyle

__all__ = [
    "AuthScheme",
    "ClosingMode",
    "ConstraintMode",
    "Draw",
    "Media",
    "Profile",
    "Prompting",
    "Sampling",
    "TimeMode",
]

_ANY = 1 << 30
"""Vision tokens; more than any processor allows."""


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


class ClosingMode(str, Enum):
    """How a think part is ended when its share of the time budget is used up."""

    PREFILL = "prefill"  # the same reply is continued behind a </think> (continue_final_message of vLLM)
    ASK_AGAIN = "ask_again"  # the question is asked once more, without reasoning


class AuthScheme(str, Enum):
    """What stands before the key in the Authorization header."""

    BEARER = "bearer"
    PLAIN = "plain"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Media(_Section):
    """How clips travel; numbers of tokens are vision tokens, squares of 28 or 32 px by the model's processor."""

    form: MediaForm = MediaForm.JPEG_SEQUENCE
    time: TimeMode = TimeMode.BURNED_IN
    processor: ProcessorName = ProcessorName.QWEN2_5_VL
    frame_tokens: int = Field(768, ge=1)
    image_tokens: int = Field(2560, ge=1)
    clip_tokens: int = Field(8192, ge=1)
    max_frames: int = Field(32, ge=1)
    max_megabytes: float = Field(0, ge=0)
    video_rate: float = Field(4.0, gt=0)
    quality: int = Field(85, ge=1, le=100)
    uuid: bool = False
    links: bool = False  # a picture that has an address is named by it, and the endpoint fetches it

    @model_validator(mode="after")
    def _times_reach_the_model(self) -> "Media":
        if self.time is TimeMode.METADATA and self.form is not MediaForm.JPEG_SEQUENCE:
            raise ValueError("time: metadata goes with form: jpeg_sequence only")
        if self.time is TimeMode.TEXT and self.form is not MediaForm.IMAGES:
            raise ValueError("time: text goes with form: images only")
        factor = self.rules.factor
        if self.time is TimeMode.BURNED_IN and STRIP_HEIGHT % factor:
            raise ValueError(f"time: burned_in adds {STRIP_HEIGHT} px, which the processor's {factor} px do not divide")
        return self

    @property
    def rules(self) -> Processor:
        """What the model does to pictures."""
        return processor_named(self.processor)

    def suited_to(self, clip: Clip) -> "Media":
        """How this clip travels: vLLM takes one list of times for all videos of a request.

        Where the times of several views differ, they go as single images with the times as text.
        """
        counts = {len(view.frames) for view in clip}
        if self.time is not TimeMode.METADATA or len(clip.views) == 1 or len(counts) == 1:
            return self
        return self.model_copy(update={"form": MediaForm.IMAGES, "time": TimeMode.TEXT})

    @property
    def encoding(self) -> Encoding:
        """The same in the words of the encoder."""
        return Encoding(
            form=self.form,
            limits=self.rules.video_limits(self.frame_tokens, self.clip_tokens),
            picture_limits=self.rules.image_limits(self.image_tokens, self.clip_tokens),
            max_frames=self.max_frames,
            burn_in=self.time is TimeMode.BURNED_IN,
            quality=self.quality,
            video_rate=self.video_rate,
            link_limits=self.rules.image_limits(_ANY, _ANY) if self.links else None,
            max_bytes=round(self.max_megabytes * 1_000_000),
        )


class Prompting(_Section):
    """How the model is asked."""

    reasoning: Literal["system", "user", "none"] = "system"
    answer_tag: bool = True
    coordinates: Literal["pixels", "thousandths"] = "pixels"
    thinking_switch: bool = False  # the chat template takes `enable_thinking`, as those of Qwen3 do

    @property
    def style(self) -> PromptStyle:
        """The same in the words of the tasks."""
        return PromptStyle(self.reasoning, self.answer_tag, self.coordinates)


class Draw(_Section):
    """How tokens are drawn; what is None is left to the server, whose defaults come from the model's files."""

    temperature: float = Field(0.6, ge=0, le=2)
    top_p: float = Field(0.95, gt=0, le=1)
    max_tokens: int = Field(4096, ge=1)
    seed: int | None = 0
    presence_penalty: float | None = Field(None, ge=-2, le=2)
    top_k: int | None = Field(None, ge=1)
    repetition_penalty: float | None = Field(None, gt=0, le=2)


class Sampling(_Section):
    """How tokens are drawn, by purpose: `reasoning` where a think part is asked for, `direct` where none is."""

    reasoning: Draw = Draw()
    direct: Draw = Draw(temperature=0.0, top_p=1.0, max_tokens=2048)

    def draw(self, reasons: bool) -> Draw:
        """How a reply is drawn, by whether a think part is asked for."""
        return self.reasoning if reasons else self.direct


class Profile(_Section):
    """What a family of endpoints wants and can do.

    Attributes:
        name: Published with every result.
        description: One sentence for people.
        base_url: Where such an endpoint usually is; ends in /v1.
        auth: What stands before the key.
        streaming: Replies come while they are written; else whole.
        media: How clips travel.
        prompting: How the model is asked.
        sampling: How tokens are drawn.
        constraint: How the endpoint can be held to an answer.
        closing: How a think part is ended when its share of the time budget is used up.
        logprobs: How many alternatives a token may be asked for; 0 when there are no log-probabilities.
        concurrency: Requests at the same time at most.
    """

    name: str = Field(min_length=1)
    description: str = ""
    base_url: str = "http://127.0.0.1:8000/v1"
    auth: AuthScheme = AuthScheme.BEARER
    streaming: bool = True
    media: Media = Media()
    prompting: Prompting = Prompting()
    sampling: Sampling = Sampling()
    constraint: ConstraintMode = ConstraintMode.NONE
    closing: ClosingMode = ClosingMode.ASK_AGAIN
    logprobs: int = Field(0, ge=0, le=20)
    concurrency: int = Field(4, ge=1)

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if not url.lower().startswith(("http://", "https://")):
            raise ValueError("give an address like http://127.0.0.1:8000/v1")
        return url
