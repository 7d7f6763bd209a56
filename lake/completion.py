"""What the shell completes for an argument, and how an unknown word is refused."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import typer

from pipeline.names import GOLD, SILVER

TABLES = (*GOLD, *SILVER)


def tables(incomplete: str) -> list[str]:
    return [name for name in TABLES if name.startswith(incomplete)]


def one_of(known: Sequence[str], what: str, given: str) -> str:
    """The word, which is known. Raises BadParameter with the nearest known one, or with all."""
    if given in known:
        return given
    near = get_close_matches(given, known, n=1)
    cure = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise typer.BadParameter(f"Expected {what}, found {given!r}: {cure}")


def table(given: str) -> str:
    """A typer callback for an argument that names a table."""
    return one_of(TABLES, "a table of silver or gold", given)
