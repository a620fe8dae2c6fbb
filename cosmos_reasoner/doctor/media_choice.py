"""How clips best travel to an endpoint, by what arrived of those that were tried."""

from cosmos_reasoner.clips.burn_in import STRIP_HEIGHT
from cosmos_reasoner.clips.encode import MediaForm
from cosmos_reasoner.clips.processors import Processor
from cosmos_reasoner.doctor.films import Films
from cosmos_reasoner.doctor.finding import Finding, Level
from cosmos_reasoner.endpoints.profile import Media, TimeMode

__all__ = ["choose_media"]

_GROUP = "media"
_Way = tuple[MediaForm, TimeMode]


def choose_media(media: Media, rules: Processor, pictures: bool | None, images: int | None, films: Films) -> Finding:
    """Say how clips should travel: as the profile says where that works, else as well as possible.

    Args:
        media: Of the profile to start from.
        rules: Who reads them.
        pictures: Pictures are accepted; None when that was not found out.
        images: Pictures that a request may hold, fewer than the profile's only where those were refused; None when that
            was not found out.
        films: How clips are taken.
    """
    way = _way(media, rules, pictures, films)
    if way is None:
        text = "nothing that could be sent is accepted"
        return Finding(_GROUP, "recommended", Level.ERROR, text, "serve a model that sees, with --limit-mm-per-prompt")
    form, time = way
    said: dict[str, object] = {"media.form": form.value, "media.time": time.value}
    text = f"{form.value}, times {time.value}"
    if most := _most(media, way, images, films):
        said["media.max_frames"] = most
        text += f", at most {most} frames"
    if form is MediaForm.MP4 and films.rate:
        said["media.video_rate"] = films.rate
        text += f" at {films.rate:g} Hz"
    return Finding(_GROUP, "recommended", Level.INFO, text, profile=said)


def _way(media: Media, rules: Processor, pictures: bool | None, films: Films) -> _Way | None:
    taken = {MediaForm.JPEG_SEQUENCE: films.sequence, MediaForm.MP4: films.file, MediaForm.IMAGES: pictures}
    burns = STRIP_HEIGHT % rules.factor == 0

    def works(way: _Way, seen: bool) -> bool:
        """Whether a way is known to work; or, unless it must have been seen, not known to fail."""
        form, time = way
        if time is TimeMode.BURNED_IN and not burns:
            return False
        needed = (taken[form], films.times) if time is TimeMode.METADATA else (taken[form],)
        return all(needed) if seen else False not in needed

    current = (media.form, media.time)
    if works(current, seen=False):
        return current
    return next((way for way in _preferred(rules) if works(way, seen=True)), None)


def _preferred(rules: Processor) -> tuple[_Way, ...]:
    """A model that writes times itself must be told them; the others read what is drawn below the frames."""
    images = (MediaForm.IMAGES, TimeMode.TEXT)
    if rules.stamps:
        return (MediaForm.JPEG_SEQUENCE, TimeMode.METADATA), images
    return (MediaForm.JPEG_SEQUENCE, TimeMode.BURNED_IN), (MediaForm.MP4, TimeMode.BURNED_IN), images


def _most(media: Media, way: _Way, images: int | None, films: Films) -> int | None:
    """Frames of a view at most where the endpoint takes fewer than the profile has; None where it takes them all."""
    form, time = way
    limit = images if form is MediaForm.IMAGES else films.kept
    if form is MediaForm.MP4 or time is TimeMode.METADATA or not limit:
        return None
    return limit if limit < media.max_frames else None
