"""From a version of gold to the silver commits and runs that made it, by what commits say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from pipeline.delta_versions import Version
from pipeline.lineage import Run, commit, origin_of

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)
CPB, BOOKINGS, SPEND = "gold_cpb_by_channel", "fact_bookings", "fact_marketing"


def run(name: str, execution: str | None = None) -> Run:
    return Run(name, f"_lineage/{name}/", execution)


def made(table: str, number: int, by: str | None, **sources: int):
    """A commit a minute after the one before; without a run it is somebody else's."""
    note = {name: {"version": version, "etag": "e"} for name, version in sources.items()}
    if by:
        note["run"] = {"id": by, "lineage": f"_lineage/{by}/", "execution": None}
    written = json.dumps(note) if by else "OPTIMIZE by hand"
    return commit(table, Version(number, NOON + timedelta(minutes=number), "WRITE", written))


BOOKINGS_LOG = [made(BOOKINGS, number, f"silver-{number}") for number in range(6)]
SPEND_LOG = [made(SPEND, 0, "spend-0"), made(SPEND, 1, "spend-1")]
SILVER = {BOOKINGS: BOOKINGS_LOG, SPEND: SPEND_LOG}


def origin(*log, of=None):
    return origin_of(log, of or log[-1], SILVER)


def test_a_commit_tells_its_run_and_its_sources_and_a_foreign_one_nothing():
    ours = made(CPB, 4, "gold-4", fact_bookings=3, fact_marketing=1)
    assert (ours.run, ours.sources) == (run("gold-4"), {BOOKINGS: 3, SPEND: 1})
    foreign = made(CPB, 5, None)
    assert (foreign.run, foreign.sources) == (None, {})
    for note in (None, "[1]", "null", "{"):
        assert commit(CPB, Version(6, NOON, "WRITE", note)).run is None


def test_a_note_of_the_same_names_by_somebody_else_tells_nothing():
    note = json.dumps({"run": {"id": "r-9"}, "fact_bookings": {"rows": 3}, "fact_marketing": 2})
    found = commit(CPB, Version(7, NOON, "WRITE", note))
    assert (found.run, found.sources) == (None, {})


def test_a_version_comes_from_the_silver_commits_since_the_one_before():
    first = made(CPB, 0, "gold-0", fact_bookings=2, fact_marketing=0)
    second = made(CPB, 1, "gold-1", fact_bookings=4, fact_marketing=0)
    found = origin(first, second)
    assert [(one.table, one.version.number) for one in found.silver] == [
        (BOOKINGS, 3),
        (BOOKINGS, 4),
    ]
    assert (found.runs, found.before, found.is_whole) == (
        (run("silver-3"), run("silver-4")),
        first,
        True,
    )


def test_the_first_version_comes_from_all_of_silver_until_then():
    first = made(CPB, 0, "gold-0", fact_bookings=1, fact_marketing=0)
    found = origin(first)
    assert {(one.table, one.version.number) for one in found.silver} == {
        (BOOKINGS, 0),
        (BOOKINGS, 1),
        (SPEND, 0),
    }
    assert found.is_whole


def test_somebody_else_s_commit_between_two_of_the_pipeline_hides_nothing():
    first = made(CPB, 0, "gold-0", fact_bookings=2, fact_marketing=0)
    second = made(CPB, 2, "gold-2", fact_bookings=2, fact_marketing=1)
    found = origin(first, made(CPB, 1, None), second)
    assert [(one.table, one.version.number) for one in found.silver] == [(SPEND, 1)]


def test_silver_that_was_made_anew_counts_from_its_first_commit():
    first = made(CPB, 0, "gold-0", fact_bookings=9, fact_marketing=0)
    second = made(CPB, 1, "gold-1", fact_bookings=1, fact_marketing=0)
    numbers = [one.version.number for one in origin(first, second).silver]
    assert numbers == [0, 1]


def test_commits_that_the_log_has_lost_are_missed():
    first = made(CPB, 0, "gold-0", fact_bookings=1, fact_marketing=0)
    second = made(CPB, 1, "gold-1", fact_bookings=4, fact_marketing=0)
    found = origin_of([first, second], second, {BOOKINGS: BOOKINGS_LOG[4:], SPEND: SPEND_LOG})
    assert (len(found.silver), found.is_whole) == (1, False)
