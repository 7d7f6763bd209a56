"""The flags of a job: of its command line, and of the execution's input that it is a part of."""

from __future__ import annotations

import argparse
import json
from typing import Any


class FlagError(ValueError):
    """A flag of the execution's input has no value that the job can follow."""


def add_flags(parser: argparse.ArgumentParser, has_window: bool = True) -> None:
    """`--full`, `--window-days`, and what the state machine passes on of its execution."""
    parser.add_argument("--full", action="store_true")
    if has_window:
        parser.add_argument("--window-days", type=int, dest="window")
    parser.add_argument("--execution", help="the state machine's, for the lineage")
    parser.add_argument("--input", default="{}", help="the execution's, which may have flags")


def job_arguments(arguments: argparse.Namespace) -> dict[str, Any]:
    """The arguments by name, `full` and `window_days` of the input among them.

    A schedule's input is an event, which has neither.
    """
    found = vars(arguments)
    given = json.loads(found.pop("input"))
    if not isinstance(given, dict):
        return found
    if given.get("full", False) not in (True, False):
        raise FlagError(f"Expected `full` of the input true or false, found {given['full']!r}")
    found["full"] = found["full"] or given.get("full", False)
    days = given.get("window_days")
    if days is not None and (isinstance(days, bool) or not isinstance(days, int) or days < 1):
        raise FlagError(f"Expected `window_days` of the input a number from 1, found {days!r}")
    if "window" in found and found["window"] is None:
        found["window"] = days
    return found
