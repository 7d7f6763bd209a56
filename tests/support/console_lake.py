"""A lake of a test under a prefix of its own, and the console `lake` over it."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pyarrow as pa
from deltalake import CommitProperties, write_deltalake

from lake import failures
from lake.app import app
from pipeline.names import ResourceNames
from pipeline.storage import storage_options
from tests.support.process_stack import ProcessStack


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def console(settings: dict[str, str], *arguments: str, typed: str = "") -> Done:
    """As the console script does it, in this process: it would import for a second."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, settings),
        mock.patch.object(sys, "stdin", io.StringIO(typed)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            failures.told(lambda: app(arguments, prog_name="lake"))
            code: Any = 0
        except SystemExit as ended:
            code = ended.code
    if isinstance(code, str):  # Python itself prints the text that an exit has for a code
        err.write(code)
        code = 1
    return Done(code or 0, out.getvalue(), err.getvalue())


class ConsoleLake:
    """The three buckets of data under the prefix, made anew."""

    def __init__(self, stack: ProcessStack, prefix: str) -> None:
        self.stack = stack
        self.names = ResourceNames(prefix)
        self.s3 = stack.client("s3")
        for bucket in self.names.data_buckets:
            self.s3.create_bucket(Bucket=bucket)
        self.environment = {
            "MODE": "embedded",
            "LAKE_DIR": str(stack.folder),
            "EDGE_PORT": stack.url.rsplit(":", 1)[1],
            "PREFIX": prefix,
            "COLUMNS": "200",
        }

    def write(self, table: str, rows: pa.Table, note: str | None = None) -> None:
        """Make the rows the table's next version; the note is the commit's `userMetadata`."""
        properties = CommitProperties(custom_metadata={"userMetadata": note}) if note else None
        write_deltalake(
            self.names.table_uri(table),
            rows,
            mode="overwrite",
            schema_mode="overwrite",
            storage_options=storage_options(self.stack.url, "us-east-1"),
            commit_properties=properties,
        )

    def run(self, *arguments: str, typed: str = "") -> Done:
        return console(self.environment, *arguments, typed=typed)

    def printed(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, f"lake {arguments}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def document(self, *arguments: str) -> Any:
        return json.loads(self.printed(*arguments, "--json"))

    def refused(self, *arguments: str) -> str:
        """What the command says that cannot do its work."""
        done = self.run(*arguments)
        assert done.returncode in (1, 2), f"lake {arguments}:\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return " ".join(done.stderr.replace("│", " ").split())
