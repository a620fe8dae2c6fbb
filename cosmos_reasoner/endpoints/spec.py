"""Which endpoint is asked, in one line of text."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from cosmos_reasoner.endpoints.client import EndpointClient
from cosmos_reasoner.endpoints.keys import read_key
from cosmos_reasoner.endpoints.profile_files import FILE_ENDINGS, load_profile, shipped_profiles
from cosmos_reasoner.errors import ConfigurationError

__all__ = ["EndpointSpec"]


@dataclass(frozen=True, slots=True)
class EndpointSpec:
    """Which endpoint is asked, and how.

    Attributes:
        profile: Name of a shipped profile, or path of a YAML file.
        url: Its address, ending in /v1; empty for the profile's.
        model: The model to ask; empty for the first that it lists.
        key_env: Environment variable that holds the key.
        key_file: File that holds the key; used when `key_env` is empty.
    """

    profile: str
    url: str = ""
    model: str = ""
    key_env: str = ""
    key_file: str = ""

    @classmethod
    def parse(cls, text: str) -> "EndpointSpec":
        """Read a line like "modelscope model=Qwen/Qwen3-VL-30B-A3B-Instruct key_env=MODELSCOPE_KEY".

        Args:
            text: The profile, then NAME=VALUE for what else is to be said, quoted as in a shell.

        Raises:
            ConfigurationError: It is no such line.
        """
        form = "write PROFILE [url=URL] [model=NAME] [key_env=NAME] [key_file=PATH]"
        try:
            profile, *words = shlex.split(text)
        except ValueError as error:
            raise ConfigurationError(f"an endpoint cannot be read: {form}") from error
        named = dict(word.partition("=")[::2] for word in words)
        unknown = named.keys() - {field.name for field in fields(cls)[1:]}
        if unknown or "=" in profile or len(named) < len(words) or not all(named.values()):
            raise ConfigurationError(f"{_place(profile)}: {form}{_but_not(named, unknown)}")
        return cls(profile, **named)

    def __str__(self) -> str:
        """The line that `parse` reads."""
        said = {field.name: getattr(self, field.name) for field in fields(self)[1:]}
        return shlex.join([self.profile, *(f"{name}={value}" for name, value in said.items() if value)])

    def client(self, concurrency: int | None = None) -> EndpointClient:
        """A client of the endpoint; profile and key are read now.

        Args:
            concurrency: Requests at the same time at most; None for what the profile says.

        Raises:
            ConfigurationError: The profile, the address or the key cannot be used.
        """
        key = read_key(self.key_env, self.key_file)
        profile = load_profile(self.profile)
        if concurrency is not None:
            profile = profile.model_copy(update={"concurrency": concurrency})
        return EndpointClient(profile, self.url, self.model, key)


def _place(profile: str) -> str:
    """Say which line it is; any word but a profile's name might be a key that was put in a wrong place."""
    return f"endpoint {profile!r}" if profile in shipped_profiles() or profile.endswith(FILE_ENDINGS) else "an endpoint"


def _but_not(named: Mapping[str, str], unknown: Iterable[str]) -> str:
    """Say what is unknown by what stands before the =, which is also what some keys end in."""
    wrong = sorted(name for name in unknown if named[name].strip("="))
    return f", not {wrong}" if wrong else ""
