"""`lake sql`: one statement, several from a pipe, and a shell with history and completion."""

from __future__ import annotations

import os
from unittest import mock

import pyarrow as pa
import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from lake.settings import Settings
from lake.sql_answers import Answer, QueryError
from lake.sql_shell import converse, session, statements
from tests.support.console_lake import ConsoleLake

CPB = "gold_cpb_by_channel"


@pytest.fixture(scope="module")
def lake(processes) -> ConsoleLake:
    made = ConsoleLake(processes, "asked")
    made.write(CPB, pa.table({"channel": ["facebook"], "cpb": [168.84]}))
    return made


def test_statements_of_a_pipe_run_in_order_and_the_first_fault_ends_them(lake):
    done = lake.run("sql", "--json", typed=f"FROM {CPB};\nSELECT ';' AS x -- one; comment\n;")
    assert done.stdout.splitlines() == ['[{"channel": "facebook", "cpb": 168.84}]', '[{"x": ";"}]']
    done = lake.run("sql", typed=f"SELECT nothing FROM {CPB}; SELECT 1")
    assert done.returncode == 1
    assert "Referenced column" in done.stderr
    assert done.stdout == ""


def test_in_athena_s_dialect_athena_answers(lake):
    [row] = lake.document("sql", "--athena", "SELECT date_parse('2026', '%Y') AS y")
    assert row["y"].startswith("2026-01-01 00:00:00")
    assert "COLUMN_NOT_FOUND" in lake.refused("sql", "--athena", "SELECT nothing")


def test_the_shell_completes_names_and_keeps_its_history(lake):
    asked: list[str] = []

    def ask(statement: str) -> Answer:
        asked.append(statement)
        if "fault" in statement:
            raise QueryError("no such thing")
        return Answer(["x"], [[1]], "shown")

    with (
        mock.patch.dict(os.environ, lake.environment),
        create_pipe_input() as keys,
    ):
        settings = Settings.from_env()
        prompts = session(settings, input=keys, output=DummyOutput())
        words = {str(word) for word in prompts.completer.words}
        assert {CPB, "cpb", "SELECT"} <= words
        keys.send_text("SELECT fault;\rSELECT 1\r+ 1;\rexit\r")
        converse(prompts, ask, lambda _: None)
    assert asked == ["SELECT fault", "SELECT 1\n+ 1"]
    assert "+SELECT 1\n++ 1;" in (settings.lake_dir / "sql-history").read_text()


def test_a_semicolon_within_quotes_or_comments_ends_no_statement():
    assert list(statements("SELECT ';'; -- a; b\nSELECT 2;;")) == [
        "SELECT ';'",
        "-- a; b\nSELECT 2",
    ]
