"""A colour for every channel: near Okabe and Ito's, which the colour-blind tell apart.

https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from collections.abc import Iterable

ACCENT = "#3D7BC7"
COLOURS = {"facebook": "#2F86C9", "youtube": "#D55E00", "tiktok": "#009E73", "others": "#8A93A3"}
MORE_COLOURS = ("#CC79A7", "#E69F00", "#56B4E9", "#B8AD1F")


def colours(channels: Iterable[str]) -> dict[str, str]:
    """The same for a channel whichever of them are selected."""
    others = sorted(set(channels) - set(COLOURS))
    return COLOURS | {c: MORE_COLOURS[i % len(MORE_COLOURS)] for i, c in enumerate(others)}
