"""What the shell completes for an argument, and how an unknown word is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches

import typer

from lake.settings import ROOT
from pipeline.names import GOLD, SILVER

TABLES = (*GOLD, *SILVER)


def tables(incomplete: str) -> list[str]:
    return [name for name in TABLES if name.startswith(incomplete)]


def jobs(incomplete: str) -> list[str]:
    """The jobs of the working copy's state machine, by their states and their scripts."""
    from lake.jobs import of_definition

    file = ROOT / "aws_bootstrap" / "state_machine.asl.json"
    found = list(of_definition(json.loads(file.read_text())))
    names = [*(job.state for job in found), *(job.names[-1] for job in found)]
    return [name for name in names if name.startswith(incomplete)]


def runs(incomplete: str) -> list[str]:
    """What `lake dev --run` runs: a job, or all of them."""
    return [name for name in ("pipeline",) if name.startswith(incomplete)] + jobs(incomplete)


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
