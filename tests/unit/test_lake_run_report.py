"""The last lines of `lake run`: where its report is, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from lake import report, run
from lake.errors import StackError
from lake.settings import Settings

ARN = "arn:aws:states:us-east-1:000000000000:execution:project6-state-machine:run-1"


def last_lines(tmp_path: Path) -> list[str]:
    settings = replace(Settings.from_env(), lake_dir=tmp_path / "lake", dashboard_port=8501)
    return list(run.where_report_is(settings, ARN))


def test_a_run_ends_with_the_file_and_the_address_of_its_report(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "html", lambda settings, arn: "<p>whole</p>")
    file = tmp_path / "lake" / "reports" / "run-1.html"
    assert last_lines(tmp_path) == [
        f"Report     {file}",
        "Dashboard  http://localhost:8501/reports/run-1",
    ]
    assert file.read_text() == "<p>whole</p>"
    assert [one.name for one in file.parent.iterdir()] == ["run-1.html"]


@pytest.mark.parametrize("error", [OSError("full"), duckdb.Error("odd"), StackError("gone")])
def test_a_report_that_cannot_be_written_is_told_and_is_no_failure(tmp_path, monkeypatch, error):
    def failing(settings, arn):
        raise error

    monkeypatch.setattr(report, "html", failing)
    assert last_lines(tmp_path) == [
        f"No report: {error}. `lake report` writes it once that is mended"
    ]
