"""What every page stands in: where it has nothing to show, it says why, and looks again."""

from __future__ import annotations

from collections.abc import Callable

from dashboard import markup
from dashboard.access import Access
from dashboard.panels import told


def show(access: Access, title: str, draw: Callable[[Access], None]) -> None:
    with told(markup.header(title)):
        draw(access)
