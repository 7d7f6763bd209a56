"""The pattern of GetTables: a regular expression in which a bare `*` stands for anything."""

from __future__ import annotations

import re

from services.edge.glue.errors import invalid_input

# Hive's clients write `prefix*`, others `prefix.*`; a star after `]` or `)` repeats that.
BARE_STAR = re.compile(r"(?<![.\])\\])\*")


def compiled(expression: str) -> re.Pattern[str]:
    """Matches whole names, which are in lower case."""
    try:
        return re.compile(BARE_STAR.sub(".*", expression), re.IGNORECASE)
    except re.error as error:
        raise invalid_input(f"Invalid expression {expression!r}: {error}.") from None
