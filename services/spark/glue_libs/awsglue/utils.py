"""getResolvedOptions, as Glue's scripts call it."""

from __future__ import annotations

import argparse


class GlueArgumentError(Exception):
    """A required option was not given."""


def getResolvedOptions(args: list[str], options: list[str]) -> dict[str, str]:
    """The values of the named `--KEY value` options; others are ignored."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    for option in options:
        parser.add_argument(f"--{option}", required=True)
    try:
        known, _ = parser.parse_known_args(args[1:])
    except (argparse.ArgumentError, SystemExit) as error:
        raise GlueArgumentError(f"expected the options {options}, found {args[1:]}") from error
    return vars(known)
