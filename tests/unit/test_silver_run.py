"""What a run of a silver job reads, and what it leaves for the next, over S3 as a dictionary."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from lakehouse.events_run import size_of
from lakehouse.silver_run import SilverJob, find_work, remember

from tests.support.dictionary_s3 import NOON, DictionaryS3

CODE = {"channels": "c1", "code": "d1"}
PROGRESS, LOG = "_watermarks/job.json", "facts/_delta_log/00000000000000000000.json"


class Lake(DictionaryS3):
    """Three objects, the last of them old, and a table of one commit."""

    def __init__(self):
        super().__init__({"events/a": b"1", "events/b": b"2", "events/old": b"3", LOG: b"{}"})
        self.times["events/old"] = NOON - timedelta(days=1)
        self.job = SilverJob("bronze", "events/", "silver", ("facts",), PROGRESS)

    def find(self, code=CODE, **flags):
        return find_work(self, SilverJob(**{**vars(self.job), **flags}), code)

    def run(self, *lost, code=CODE, **flags):
        """The keys that a run reads; those that are lost were deleted before it could."""
        work = self.find(code, **flags)
        read = () if lost else work.keys
        remember(self, SilverJob(**{**vars(self.job), **flags}), work, code, read)
        return work.keys


@pytest.fixture
def lake():
    made = Lake()
    made.run()
    return made


def test_a_first_run_reads_everything_and_the_next_one_nothing():
    lake = Lake()
    assert lake.run() == ["events/a", "events/b", "events/old"]
    work = lake.find()
    assert (work.keys, work.is_settled, work.is_first) == ([], True, False)


def test_an_object_with_another_etag_is_read_again_and_a_late_one_for_the_first_time(lake):
    lake.objects["events/a"] = b"other"
    lake.objects["events/late"] = b"4"
    assert lake.run() == ["events/a", "events/late"]
    assert lake.run() == []
    lake.objects["events/a"] = b"1"
    assert lake.run() == ["events/a"]


def test_only_what_was_read_is_seen(lake):
    lake.objects["events/c"] = b"4"
    assert lake.run("events/c") == ["events/c"]
    assert lake.run() == ["events/c"]


def test_more_than_is_remembered_is_read_again_the_oldest_first(lake, monkeypatch):
    monkeypatch.setattr("lakehouse.watermark.MOST_SEEN", 1)
    lake.times["events/a"] = NOON - timedelta(minutes=1)
    lake.run(full=True)
    assert lake.run() == ["events/a"]


def test_what_is_older_than_the_overlap_is_not_remembered(lake):
    assert len(json.loads(lake.objects[PROGRESS])["seen"]) == 2


def test_a_table_that_others_changed_is_out_of_step_and_the_overlap_is_read_again(lake):
    lake.objects[LOG] = b'{"other": 1}'
    work = lake.find()
    assert work.keys == ["events/a", "events/b"]
    assert (work.is_in_step, work.is_settled, work.is_first) == (False, False, False)
    lake.run()
    assert lake.find().is_settled


def test_tables_that_are_gone_are_made_though_nothing_is_new(lake):
    del lake.objects[LOG]
    work = lake.find()
    assert (work.is_first, work.is_settled) == (True, False)


def test_other_code_has_something_to_mend_and_nothing_to_read(lake):
    work = lake.find({**CODE, "channels": "c2"})
    assert (work.keys, work.is_in_step, work.is_settled) == ([], True, False)


def test_a_full_run_reads_all_and_a_window_moves_no_watermark(lake):
    assert lake.run(full=True) == ["events/a", "events/b", "events/old"]
    dated = "events/event_date=2026-01-19/d"
    lake.objects[dated] = b"4"
    lake.objects[LOG] = b'{"written by": "the window"}'
    assert lake.run(window=1) == [dated]
    assert lake.run() == [dated]


def test_progress_of_an_earlier_release_has_a_watermark_alone(lake):
    lake.objects[PROGRESS] = json.dumps({"watermark": NOON.isoformat()}).encode()
    assert lake.find().keys == ["events/a", "events/b"]
    assert not lake.find().is_in_step


def test_a_run_is_as_large_as_its_objects_and_the_tables_that_it_looks_through_whole(lake):
    tables = {"fact_bookings": 5, "fact_events": 70, "rejected_events": 900}
    lake.objects.update({f"{name}/part": b"x" * size for name, size in tables.items()})
    lake.objects["events/new"] = b"four"
    assert size_of(lake, lake.job, lake.find()) == 4 + 5
    assert size_of(lake, lake.job, lake.find(code={"channels": "other"})) == 4 + 5 + 70 + 900
