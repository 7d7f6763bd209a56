"""getResolvedOptions, as Glue's scripts call it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

# Those that Glue itself gives a job. Each is answered unasked, None where it was not given.
BOOKMARKS = ("job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable")
RANGE = ("job-bookmark-from", "job-bookmark-to")
IDENTITY = ("JOB_ID", "JOB_RUN_ID", "SECURITY_CONFIGURATION")
ENCRYPTION = ("sse-s3", "sse-kms", "cse-kms")
FOLDERS = ("TempDir", "RedshiftTempDir")


class GlueArgumentError(Exception):
    """A required option was not given, or one has no value."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def getResolvedOptions(args: Sequence[str], options: Sequence[str]) -> dict[str, Any]:
    """The values of the named `--KEY value` options, and of those that Glue gives every job.

    A `-` of a name is a `_` in the answer, as argparse has it; options that are not named are
    passed over. RuntimeError for a name that is Glue's own.
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-get-resolved-options.html
    """
    parser = _Parser(add_help=False)
    for name in ("job-bookmark-option", *RANGE, *IDENTITY, "encryption-type"):
        if name in options:
            raise RuntimeError(f"Using reserved arguments --{name}")
    parser.add_argument("--job-bookmark-option", choices=BOOKMARKS, default=BOOKMARKS[-1])
    parser.add_argument("--encryption-type", choices=ENCRYPTION)
    for name in (*RANGE, *IDENTITY, *FOLDERS):
        parser.add_argument(f"--{name}")
    for name in options:
        if name not in FOLDERS:
            parser.add_argument(f"--{name}", required=True)
    known = vars(parser.parse_known_args(list(args[1:]))[0])
    folder = known["TempDir"] or known["RedshiftTempDir"]
    return {**known, "TempDir": folder, "RedshiftTempDir": folder}
