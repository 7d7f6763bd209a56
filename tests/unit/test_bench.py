"""What a benchmark tells: median and spread, ratio to the rival, target met or missed."""

from __future__ import annotations

import pytest

from benchmarks import report
from benchmarks.__main__ import main
from benchmarks.measures import Measure, at_least, at_most, interleaved
from benchmarks.report import row, table


@pytest.mark.parametrize(
    ("target", "theirs", "met"),
    [
        (at_most(3), [], True),
        (at_most(1.9), [], False),
        (at_least(2), [1.0, 1.0, 5.0], True),
        (at_least(2), [1.1, 1.1, 1.1], False),
        (at_most(0.5), [4.0, 4.0, 1.0], True),
        (None, [9.0], True),
    ],
)
def test_a_target_is_of_the_median_or_of_the_ratio_of_medians(target, theirs, met):
    assert Measure("work", "s", [1.0, 2.0, 9.0], target, "rival", theirs).is_met is met


def test_rivals_take_turns_and_the_first_round_is_left_out():
    order = []
    works = {name: lambda name=name: float(order.append(name) or len(order)) for name in "ab"}
    assert interleaved(works, 2) == {"a": [3.0, 6.0], "b": [4.0, 5.0]}
    assert order == ["b", "a", "a", "b", "b", "a"]


def test_the_table_tells_what_was_missed_and_what_could_not_be_measured():
    put = Measure("put", "/s", [300.0, 100.0, 200.0], at_least(2), "other", [150.0])
    rows = {"s3": row({}, [put]), "start": row({}, [], "TimeoutError: took more than 5 s")}
    assert table(rows).splitlines()[2:] == [
        "| s3 | put | 200 (100 to 300) /s | other 150 | 1.33 | >= 2x | missed |",
        "| start | not measured: TimeoutError: took more than 5 s | | | | | missed |",
    ]


def test_rows_that_are_not_measured_again_stay_in_the_table(tmp_path, monkeypatch):
    page = tmp_path / "benchmarks.md"
    page.write_text(f"before\n{report.BEGIN}old\n{report.END}after\n")
    monkeypatch.setattr(report, "DOCUMENT", page)
    at = {name: {"commit": name, "cores": 2} for name in ("first", "second")}
    slow, fast = (Measure("put", "/s", [figure], at_least(2)) for figure in (1.0, 3.0))
    start = Measure("start", "s", [0.5])
    order = ["s3", "start"]
    report.write(
        {"start": row(at["first"], [start]), "s3": row(at["first"], [slow])}, order, tmp_path
    )
    report.write({"s3": row(at["second"], [fast])}, order, tmp_path)
    assert page.read_text().splitlines() == [
        "before",
        *report.BEGIN.splitlines(),
        "",
        *report.HEAD.splitlines(),
        "| s3 | put | 3 /s |  |  | >= 2 /s | met |",
        "| start | start | 0.5 s |  |  |  |  |",
        "",
        "cores 2.",
        "",
        "- `s3`: commit second",
        "- `start`: commit first",
        "",
        *report.END.splitlines(),
        "after",
    ]


def test_an_unknown_row_is_refused(capsys):
    assert main(["s3", "s4"]) == 2
    assert "found s4" in capsys.readouterr().err
