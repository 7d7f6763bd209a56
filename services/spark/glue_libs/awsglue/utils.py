"""getResolvedOptions, as Glue's scripts call it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn


class GlueArgumentError(Exception):
    """A required option was not given."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def getResolvedOptions(args: Sequence[str], options: Sequence[str]) -> dict[str, str]:
    """The values of the named `--KEY value` options; others are ignored.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-get-resolved-options.html
    """
    parser = _Parser(allow_abbrev=False, add_help=False)
    for option in options:
        parser.add_argument(f"--{option}", dest=option, required=True)
    known, _ = parser.parse_known_args(list(args[1:]))
    return vars(known)
