"""The profile that fits what was found out."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from cosmos_reasoner.clips.processors import ProcessorName
from cosmos_reasoner.doctor.finding import Finding
from cosmos_reasoner.endpoints.profile import Profile

__all__ = ["best_fitting", "differences", "recommended"]

_QWEN3 = ("qwen3", "cosmos-reason2")


def best_fitting(url: str, model: str, processor: ProcessorName | None) -> str:
    """Name of the shipped profile that fits an endpoint best.

    Args:
        url: Its address.
        model: The model that answers.
        processor: Its family, as its token counts show; None when unknown: the model's name must do then.
    """
    name = model.lower()
    if (urlsplit(url).hostname or "").endswith("modelscope.cn"):
        return "modelscope"
    if name == "embedded-motion":
        return "embedded"
    if processor is ProcessorName.QWEN3_VL or (processor is None and any(word in name for word in _QWEN3)):
        return "qwen3_vl"
    return "cosmos_reason1" if "cosmos-reason1" in name else "qwen2_5_vl"


def recommended(base: Profile, url: str, findings: Iterable[Finding]) -> Profile:
    """Change a profile in nothing but what was found out.

    Args:
        base: To start from.
        url: Address of the endpoint.
        findings: What was found out.
    """
    data = base.model_dump(mode="json") | {"base_url": url}
    for finding in findings:
        for place, value in finding.profile.items():
            *sections, name = place.split(".")
            section: dict[str, Any] = data
            for part in sections:
                section = section[part]
            section[name] = value
    return Profile.model_validate(data)


def differences(profile: Profile, base: Profile) -> dict[str, Any]:
    """What a profile says otherwise than another, section by section."""
    return _differing(profile.model_dump(mode="json"), base.model_dump(mode="json"))


def _differing(data: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in data.items():
        if isinstance(value, dict):
            if inner := _differing(value, base[key]):
                found[key] = inner
        elif value != base[key]:
            found[key] = value
    return found
