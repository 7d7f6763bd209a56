"""Where the jobs' tables are: a bucket, or a folder of one, which shares nothing with it."""

from __future__ import annotations

from datetime import UTC, datetime

from lakehouse.delta_log import last_commits, user_metadata
from lakehouse.progress import Progress, read_progress, store_progress
from lakehouse.s3_objects import bytes_below, within

from tests.support.dictionary_s3 import DictionaryS3

LOG = "_delta_log/00000000000000000000.json"


def test_a_place_is_a_bucket_or_a_folder_of_one():
    assert within("silver", "fact_events/") == ("silver", "fact_events/")
    assert within("silver/_prove/run", "fact_events/") == ("silver", "_prove/run/fact_events/")
    assert within("silver/_prove/run/", "a") == ("silver", "_prove/run/a")


def test_a_run_in_a_folder_sees_the_folders_tables_only():
    s3 = DictionaryS3(
        {
            f"fact_bookings/{LOG}": b'{"commitInfo": {"userMetadata": "own"}}',
            f"_prove/run/fact_bookings/{LOG}": b'{"commitInfo": {"userMetadata": "proof"}}',
        }
    )
    names = ("fact_bookings",)
    for place, note, size in (("silver", "own", 39), ("silver/_prove/run", "proof", 41)):
        commit = last_commits(s3, place, names)["fact_bookings"]
        assert user_metadata(s3, place, "fact_bookings", commit) == note
        assert bytes_below(s3, place, "fact_bookings/") == size
    assert last_commits(s3, "silver/_prove/other", names) == {}


def test_what_a_run_in_a_folder_remembers_is_not_what_the_pipeline_remembers():
    s3 = DictionaryS3({})
    moment = Progress(datetime(2026, 1, 20, 12, tzinfo=UTC))

    store_progress(s3, "silver/_prove/run", "_watermarks/silver-events.json", moment)

    assert list(s3.objects) == ["_prove/run/_watermarks/silver-events.json"]
    assert read_progress(s3, "silver", "_watermarks/silver-events.json") is None
    assert read_progress(s3, "silver/_prove/run", "_watermarks/silver-events.json") == moment
