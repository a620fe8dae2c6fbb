"""A chat completion request as it comes over the wire, validated."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cosmos_reasoner.errors import InvalidRequest

__all__ = ["ChatRequest", "ImagePart", "Message", "Part", "StructuredOutputs", "TextPart", "VideoKwargs", "VideoPart"]


class _Wire(BaseModel):
    """Unknown keys are ignored, as vLLM does."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Url(_Wire):
    url: str


class TextPart(_Wire):
    """Words."""

    type: Literal["text"]
    text: str


class ImagePart(_Wire):
    """One picture."""

    type: Literal["image_url"]
    image_url: _Url


class VideoPart(_Wire):
    """A clip: an mp4 file, or JPEG files one after the other."""

    type: Literal["video_url"]
    video_url: _Url


Part = Annotated[TextPart | ImagePart | VideoPart, Field(discriminator="type")]
"""One piece of a message."""


class Message(_Wire):
    """One turn."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part]

    @property
    def parts(self) -> list[TextPart | ImagePart | VideoPart]:
        """The content; plain text as one part."""
        if isinstance(self.content, str):
            return [TextPart(type="text", text=self.content)]
        return list(self.content)

    @property
    def text(self) -> str:
        """All words, part by part."""
        return "\n".join(part.text for part in self.parts if isinstance(part, TextPart))


class VideoKwargs(_Wire):
    """`media_io_kwargs.video` of vLLM.

    Attributes:
        fps: Frames a second that `frames_indices` count; for mp4 files the rate at which they are sampled.
        frames_indices: One number a frame for all videos, or one list for each video.
        num_frames: Frames of a video at most, chosen evenly; -1 for all.
    """

    fps: float | None = Field(None, gt=0, le=1e6)
    frames_indices: list[float | list[float]] | None = None
    num_frames: int = -1


class _MediaKwargs(_Wire):
    video: VideoKwargs = VideoKwargs()


class StructuredOutputs(_Wire):
    """`structured_outputs` of vLLM; one of them."""

    choice: list[str] | None = Field(None, min_length=1, max_length=256)
    regex: str | None = Field(None, max_length=2000)
    json_: dict[str, Any] | None = Field(None, alias="json")


class _JsonSchema(_Wire):
    schema_: dict[str, Any] = Field(alias="schema")


class _ResponseFormat(_Wire):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: _JsonSchema | None = None


class _StreamOptions(_Wire):
    include_usage: bool = False


class ChatRequest(_Wire):
    """The body of POST /v1/chat/completions: what this server reads of it."""

    messages: list[Message] = Field(min_length=1)
    model: str | None = None
    stream: bool = False
    stream_options: _StreamOptions = _StreamOptions()
    temperature: float = Field(0.0, ge=0, le=2)
    top_p: float = Field(1.0, gt=0, le=1)
    seed: int | None = None
    n: int = Field(1, ge=1, le=32)
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    stop: str | list[str] = []
    logprobs: bool = False
    top_logprobs: int = Field(0, ge=0, le=20)
    response_format: _ResponseFormat | None = None
    structured_outputs: StructuredOutputs = StructuredOutputs()
    media_io_kwargs: _MediaKwargs = _MediaKwargs()
    continue_final_message: bool = False
    add_generation_prompt: bool = True

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data

    @classmethod
    def parse(cls, body: bytes) -> "ChatRequest":
        """Read a body.

        Raises:
            InvalidRequest: It is no JSON or no request; the message names the place.
        """
        try:
            request = cls.model_validate_json(body)
        except ValidationError as error:
            raise InvalidRequest("; ".join(_explain(dict(entry)) for entry in error.errors()[:3])) from error
        return request

    @property
    def limit(self) -> int | None:
        """Tokens of the reply at most."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def stops(self) -> list[str]:
        """Texts that end the reply."""
        return [self.stop] if isinstance(self.stop, str) else self.stop

    @property
    def answer_schema(self) -> dict[str, Any] | None:
        """The JSON schema that the answer must obey; any object when only JSON was asked for."""
        wanted = self.response_format
        if wanted is not None and wanted.type == "json_schema":
            return wanted.json_schema.schema_ if wanted.json_schema else None
        if wanted is not None and wanted.type == "json_object":
            return {"type": "object"}
        return self.structured_outputs.json_

    @property
    def prefill(self) -> str:
        """The assistant's text that the reply continues; empty when it starts anew."""
        return self.messages[-1].text if self.continue_final_message else ""

    @model_validator(mode="after")
    def _check(self) -> "ChatRequest":
        if self.n > 1 and self.temperature == 0:
            raise InvalidRequest("n: more than one reply at temperature 0 would all be the same; set a temperature")
        if self.top_logprobs and not self.logprobs:
            raise InvalidRequest("top_logprobs: set logprobs to true as well")
        if self.continue_final_message and self.add_generation_prompt:
            raise InvalidRequest("continue_final_message: set add_generation_prompt to false as well")
        if self.continue_final_message and self.messages[-1].role != "assistant":
            raise InvalidRequest("continue_final_message: the last message must be the assistant's")
        if self.response_format and self.response_format.type == "json_schema" and not self.response_format.json_schema:
            raise InvalidRequest("response_format.json_schema: missing")
        self._check_constraints()
        return self

    def _check_constraints(self) -> None:
        asked = self.structured_outputs
        given = [asked.choice, asked.regex, asked.json_, self.response_format and self.response_format.type != "text"]
        if sum(bool(constraint) for constraint in given) > 1:
            raise InvalidRequest("structured_outputs: give one of choice, regex, json and response_format")


def _explain(entry: dict[str, Any]) -> str:
    place = ".".join(str(step) for step in entry["loc"])
    return f"{place}: {entry['msg']}" if place else str(entry["msg"])
