"""The days of a number in, their line out: an image that the page holds itself.

Not a chart of Vega's, whose half a second of work the first numbers would wait for.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dashboard.overview.palette import ACCENT

WIDTH, HEIGHT = 100.0, 30.0


def sparkline(numbers: Sequence[float]) -> str:
    """An area from zero up; empty for fewer than two numbers. The card's text says the number."""
    if len(numbers) < 2:
        return ""
    # An image: Streamlit takes SVG out of a page's HTML.
    return f'<img class="sparkline" alt="" src="data:image/svg+xml,{quote(drawing(numbers))}">'


def drawing(numbers: Sequence[float]) -> str:
    top = max(*numbers, 0.0) or 1.0
    step = WIDTH / (len(numbers) - 1)
    points = " ".join(
        f"{i * step:.1f},{HEIGHT - number / top * HEIGHT:.1f}" for i, number in enumerate(numbers)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -1 {WIDTH:.0f} {HEIGHT + 2:.0f}"'
        f' preserveAspectRatio="none"><polygon fill="{ACCENT}" opacity=".16"'
        f' points="0,{HEIGHT:.0f} {points} {WIDTH:.0f},{HEIGHT:.0f}"/><polyline fill="none"'
        f' stroke="{ACCENT}" stroke-width="1.6" vector-effect="non-scaling-stroke"'
        f' points="{points}"/></svg>'
    )
