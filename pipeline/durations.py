"""How long something took, in words."""

from __future__ import annotations


def duration(seconds: float | None) -> str:
    """`3.2 s`, `2 min 5 s`, `1 h 4 min`, `3 d 2 h`; the empty text for None."""
    if seconds is None:
        return ""
    if seconds < 59.95:
        return f"{max(seconds, 0.0):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"
