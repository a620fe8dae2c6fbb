"""A request's body in, finished replies out."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from cosmos_reasoner.embedded.answers.consider import consider
from cosmos_reasoner.embedded.answers.constrain import draft
from cosmos_reasoner.embedded.answers.generation import Generated, Sampling, generate
from cosmos_reasoner.embedded.answers.lexicon import Lexicon
from cosmos_reasoner.embedded.answers.problem import Problem
from cosmos_reasoner.embedded.answers.question import read_question
from cosmos_reasoner.embedded.answers.reach import check_within_reach
from cosmos_reasoner.embedded.answers.tokens import picture_tokens, text_tokens, video_tokens
from cosmos_reasoner.embedded.answers.voice import Voice
from cosmos_reasoner.embedded.intake.footage import Footage, Source, load, sources, words
from cosmos_reasoner.embedded.intake.request import ChatRequest
from cosmos_reasoner.embedded.settings import MAX_MODEL_LEN, MODEL, Settings
from cosmos_reasoner.embedded.sight.facts import Facts
from cosmos_reasoner.embedded.sight.scene import observe
from cosmos_reasoner.errors import InvalidRequest, ModelNotFound

__all__ = ["Reply", "Responder"]

_REMEMBERED = 8
"""Clips whose facts are kept: several questions about one clip are measured once."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back.

    Attributes:
        request: The request.
        choices: As many finished replies as it asked for.
        prompt_tokens: Tokens of its words and pictures.
    """

    request: ChatRequest
    choices: tuple[Generated, ...]
    prompt_tokens: int


@dataclass(frozen=True, slots=True)
class _Seen:
    facts: Facts
    tokens: int


class Responder:
    """Answers requests; may be used from several threads.

    Args:
        settings: Limits and rates.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lexicon = Lexicon()
        self._voices = {chinese: Voice(chinese) for chinese in (False, True)}
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()
        self._lock = threading.Lock()

    def respond(self, body: bytes) -> Reply:
        """Answer one request.

        Raises:
            InvalidRequest: It is no request, or asks for what cannot be given.
            FrameError: A picture cannot be decoded.
            ModelNotFound: It names another model.
        """
        request = ChatRequest.parse(body)
        if request.model not in (None, "", MODEL):
            raise ModelNotFound(f"The model `{request.model}` does not exist.")
        system, user = words(request)
        asked = read_question(system, user, request.answer_schema)
        check_within_reach(asked, request.answer_schema)
        seen = self._look(request)
        prompt_tokens = seen.tokens + text_tokens(message.text for message in request.messages)
        if prompt_tokens >= MAX_MODEL_LEN:
            raise InvalidRequest(f"the prompt has {prompt_tokens} tokens; this model's context is {MAX_MODEL_LEN}")
        problem = Problem(asked, seen.facts, self._voices[asked.chinese], self._lexicon)
        written = draft(request, problem, consider(problem))
        choices = generate(written, _sampling(request, MAX_MODEL_LEN - prompt_tokens), request.n)
        return Reply(request, tuple(choices), prompt_tokens)

    def _look(self, request: ChatRequest) -> _Seen:
        found, kwargs = sources(request), request.media_io_kwargs.video
        key = _digest(found, kwargs.model_dump_json())
        with self._lock:
            if key in self._seen:
                self._seen.move_to_end(key)
                return self._seen[key]
        loaded = load(found, kwargs, self._settings)
        seen = _Seen(observe(loaded), sum(map(_tokens, loaded)))
        with self._lock:
            self._seen[key] = seen
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return seen


def _digest(found: Sequence[Source], kwargs: str) -> bytes:
    return hashlib.sha256(b"".join([*(source.digest for source in found), kwargs.encode()])).digest()


def _tokens(footage: Footage) -> int:
    count, size = len(footage.film.seconds), footage.film.size
    return count * picture_tokens(*size) if footage.is_images else video_tokens(*size, count)


def _sampling(request: ChatRequest, room: int) -> Sampling:
    return Sampling(
        temperature=request.temperature,
        top_p=request.top_p,
        seed=request.seed,
        stops=tuple(request.stops),
        limit=min(request.limit or room, room),
        top=request.top_logprobs if request.logprobs else 0,
    )
