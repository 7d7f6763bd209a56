"""What a benchmark tells: median and spread, ratio to the rival, target met or missed."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import main
from benchmarks.measures import Measure, at_least, at_most, interleaved
from benchmarks.report import document, table


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
    found = {"s3": [Measure("put", "/s", [300.0, 100.0, 200.0], at_least(2), "other", [150.0])]}
    failed = {"start": "TimeoutError: took more than 5 s"}
    lines = table(found, failed).splitlines()[2:]
    assert lines == [
        "| s3 | put | 200 (100 to 300) /s | other 150 | 1.33 | >= 2x | missed |",
        "| start | not measured: TimeoutError: took more than 5 s | | | | | missed |",
    ]
    told = json.loads(document({"cores": 2}, found, failed))
    assert told["rows"]["s3"][0]["target"] == {"at_least": 2}
    assert (told["rows"]["s3"][0]["met"], told["not_measured"]) == (False, failed)


def test_an_unknown_row_is_refused(capsys):
    assert main(["s3", "s4"]) == 2
    assert "found s4" in capsys.readouterr().err
