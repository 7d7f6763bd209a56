"""The report of a run, from literal contents: what it says, and what it does not let in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pyarrow as pa

from pipeline import pipeline_run
from pipeline.change_causes import Cause, SpendChange
from pipeline.delta_versions import Version
from pipeline.executions import History
from pipeline.failures import Failure
from pipeline.gold_history import Reasons
from pipeline.job_accounts import Account
from pipeline.run_report.contents import Contents, RejectedRows, TableVersions, around
from pipeline.run_report.page import page
from pipeline.run_report.rejected import rejected_rows
from pipeline.table_changes import table_changes
from pipeline.task_logs import Place

BEGAN = datetime(2026, 1, 20, 6, 0, tzinfo=UTC)
ARN = "arn:aws:states:us-east-1:000000000000:execution:project6-state-machine:run-1"
HOSTILE = '<script>alert("x")</script><img src=http://evil.example/x onerror=alert(1)>'


def event(number, previous, kind, seconds, **details):
    moment = BEGAN + timedelta(seconds=seconds)
    return {"id": number, "previousEventId": previous, "type": kind, "timestamp": moment, **details}


def history(state="SilverEvents", status="SUCCEEDED"):
    answer = '{"ApplicationId": "00a", "JobRunId": "00b"}'
    return History(
        {
            "executionArn": ARN,
            "status": status,
            "startDate": BEGAN,
            "stopDate": BEGAN + timedelta(seconds=65),
        },
        {"StartAt": state, "States": {state: {"Type": "Task", "End": True}}},
        [
            event(1, 0, "TaskStateEntered", 0, stateEnteredEventDetails={"name": state}),
            event(2, 1, "TaskScheduled", 1, taskScheduledEventDetails={}),
            event(3, 2, "TaskSucceeded", 64, taskSucceededEventDetails={"output": answer}),
            event(4, 3, "TaskStateExited", 64, stateExitedEventDetails={"name": state}),
        ],
    )


def run(state="SilverEvents", account=None, failure=None):
    found = account or Account(
        "objects", 10, {"winners": 7, "superseded": 2, "rejected": 1}, is_closed=True
    )
    return pipeline_run.of_history(history(state), lambda place: found, lambda told: failure)


def costs(bookings):
    return pa.table(
        {
            "channel": ["facebook"],
            "total_bookings_count": [bookings],
            "total_spend": [1000.0],
            "cpb": [1000.0 / bookings],
        }
    )


def contents(**changes):
    before, after = (Version(n, BEGAN, "WRITE") for n in (3, 4))
    name = "gold_cpb_by_channel"
    whole = {
        "tables": [
            TableVersions(name, "gold", before, after, 4, table_changes(name, costs(5), costs(8))),
            TableVersions("gold_booking_outcomes", "gold", before, before, 4),
        ],
        "reasons": Reasons(
            [Cause("i1", "events/k1", "invitee.created", "new booking", "facebook",
                   date(2026, 1, 16), {"facebook": 1})],
            [SpendChange(date(2026, 1, 16), "tiktok", 1.0, 3.5)],
        ),
        "rejected": [RejectedRows("rejected_events", "invalid_timestamp", 2, [("events/b", "{}")])],
    }  # fmt: skip
    return Contents(**{"run": run(), "made": BEGAN + timedelta(hours=1), **whole, **changes})


def text_of(html):
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_report_tells_the_run_its_rows_gold_s_change_and_its_cause():
    text = text_of(page(contents()))
    for told in (
        "20 Jan 2026, 06:00:00 succeeded in 1 min 5 s",
        "SilverEvents ✓ succeeded 06:00:00 1 min 4 s 10 objects"
        " 7 winners, 2 superseded, 1 rejected yes",
        "facebook: 200.00 -> 125.00 per booking; bookings +3, spend +0.00",
        "As before: gold_booking_outcomes.",
        "facebook 1 delivery: 1 new booking; 1 more booking. Spend did not change.",
        "tiktok No delivery. Spend +2.50 USD on 1 day.",
        "invalid_timestamp rejected_events 2 events/b {}",
        "gold_cpb_by_channel 3 4 20 Jan 2026, 06:00:00 4",
        "lake report run-1",
    ):
        assert told in text, told


def test_the_report_says_what_the_run_would_cost_and_what_that_assumes():
    """Two workers for 64 s, to four for 3 x 64 + 120 s; an hour of one is 0.302952 USD."""
    text = text_of(page(contents()))
    for told in (
        "SilverEvents EMR Serverless 0.036 to 0.347 worker-h 0.0108 0.1050",
        "Transitions Step Functions 2 0.0001 0.0001",
        "Together 0.01 0.11",
        "A Spark job has 2 to 4 workers of 4 vCPUs and 16 GB",
    ):
        assert told in text, told


def test_a_run_without_changes_says_so_in_every_part():
    text = text_of(page(contents(tables=[], reasons=Reasons(), rejected=[])))
    for told in (
        "There is no gold table yet.",
        "No booking and no spend in silver changed.",
        "Nothing was rejected for the first time.",
        "None: every field of the deliveries is known.",
    ):
        assert told in text, told


def test_a_failed_run_begins_with_its_cause_and_the_end_of_its_log():
    failure = Failure("SilverEvents", "ValueError: no", Place("/aws/x", "/jobs/1/"), ("a", "b"))
    html = page(contents(run=run(failure=failure)))
    assert html.index("It failed in SilverEvents") < html.index("<h2>States</h2>")
    assert "ValueError: no Its log ends with a b All of it: log group /aws/x" in text_of(html)


def test_an_account_that_does_not_add_up_stands_out():
    lost = Account("objects", 10, {"winners": 7, "rejected": 1}, is_closed=True)
    assert "7 winners, 1 rejected NO" in text_of(page(contents(run=run(account=lost))))


def test_whatever_was_delivered_is_text_and_no_outside_resource_is_named():
    hostile = Account("objects", 1, {HOSTILE: 1}, drift={HOSTILE: 1}, is_closed=True)
    cause = Cause(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, {HOSTILE: 1})
    failure = Failure(HOSTILE, HOSTILE, Place(HOSTILE, HOSTILE), (HOSTILE,))
    html = page(
        contents(
            run=run(HOSTILE, hostile, failure),
            reasons=Reasons([cause], [SpendChange(HOSTILE, HOSTILE, None, 1.0)]),
            rejected=[RejectedRows(HOSTILE, HOSTILE, 1, [(HOSTILE, HOSTILE)])],
            tables=[TableVersions(HOSTILE, "gold", None, Version(0, BEGAN, HOSTILE), 1)],
        )
    )  # fmt: skip
    assert html.count("&lt;script&gt;") >= 15
    assert not re.search(r"<(script|img|link|iframe|object|base|form)\b", html)
    assert not re.search(r"""<[^>]*\s(src|href|onerror|onload)\s*=""", html)
    assert "url(" not in html and "@import" not in html
    assert "Content-Security-Policy\" content=\"default-src 'none'" in html


def test_a_version_belongs_to_the_run_in_which_it_was_committed():
    versions = [Version(n, BEGAN + timedelta(minutes=n), "WRITE") for n in (9, 5, 4, 1)]
    began, ended = BEGAN + timedelta(minutes=3), BEGAN + timedelta(minutes=6)
    assert around(versions, ARN, began, ended) == (versions[3], versions[1])
    assert around(versions, ARN, BEGAN, BEGAN + timedelta(minutes=2)) == (None, versions[3])
    assert around(versions, ARN, BEGAN, BEGAN + timedelta(seconds=1)) == (None, None)
    none = around(versions, ARN, BEGAN + timedelta(minutes=6), BEGAN + timedelta(minutes=7))
    assert none == (versions[1], versions[1])


def test_a_commit_that_names_its_run_belongs_to_that_one_whenever_it_was_made():
    def version(number, execution):
        note = f'{{"run": {{"id": "x", "lineage": "y", "execution": "{execution}"}}}}'
        return Version(number, BEGAN + timedelta(minutes=number), "WRITE", note)

    versions = [version(3, "other"), version(2, ARN), version(1, "other")]
    assert around(versions, ARN, BEGAN, BEGAN) == (versions[2], versions[1])
    hour = BEGAN + timedelta(hours=1)
    assert around(versions, "third", BEGAN, hour) == (versions[0], versions[0])


def test_rejected_rows_are_counted_by_reason_with_masked_samples():
    rows = [
        {"bronze_key": "b", "reasons": ["x", "y", "x"], "raw": '{"email": "ana@example.com"}'},
        {"bronze_key": "a", "reasons": ["x"], "raw": "no JSON, ana@example.com"},
        {"bronze_key": "c", "reasons": None, "raw": None},
    ]
    x, y = rejected_rows("rejected_events", rows)
    assert (x.reason, x.rows, y.reason, y.rows) == ("x", 2, "y", 1)
    assert [key for key, _ in x.samples] == ["a", "b"]
    assert "ana@" not in str(x.samples)


def test_only_jobs_that_are_done_are_asked_for_their_account():
    asked = []
    pipeline_run.of_history(history(), lambda place: asked.append(place), lambda told: None)
    assert asked == [Place("/aws/emr-serverless", "/jobs/00b/")]
