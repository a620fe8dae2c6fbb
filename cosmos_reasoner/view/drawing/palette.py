"""Colours of pictures, as OpenCV has them: blue, green, red.

Those of hazards are from the palette of Okabe and Ito ("Color Universal Design: How to make figures and presentations
that are friendly to colorblind people", 2008), which people with any kind of colour vision tell apart. A word always
stands beside the colour, and nothing else has one.
"""

from typing import TypeAlias

from cosmos_reasoner.replies.levels import Hazard

__all__ = ["BLACK", "DARKENED", "HAZARD_COLORS", "QUIET", "SHADE", "TRACK", "WHITE", "Color"]

Color: TypeAlias = tuple[int, int, int]
"""Blue, green, red, each 0..255."""

BLACK: Color = (0, 0, 0)
"""Letters on a colour, and the dark lines beside bright ones."""

WHITE: Color = (255, 255, 255)
"""What is most important."""

QUIET: Color = (190, 190, 190)
"""What is less important."""

SHADE: Color = (40, 40, 40)
"""The ground of labels."""

TRACK: Color = (85, 85, 85)
"""What a bar would fill if it had all."""

DARKENED = 5
"""A picture under text is darkened to this part of its brightness: white on it then has a contrast of 12:1 at least."""

HAZARD_COLORS: dict[Hazard, Color] = {
    Hazard.UNKNOWN: QUIET,
    Hazard.NONE: (233, 180, 86),  # sky blue
    Hazard.LOW: (66, 228, 240),  # yellow
    Hazard.HIGH: (0, 159, 230),  # orange
    Hazard.IMMINENT: (0, 94, 213),  # vermilion
}
"""The colour of each; black letters on it have a contrast of 4.5:1 at least."""
