"""The whole pipeline on its own stack: webhooks in, gold out, checked by a second computation."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

import pytest

from tests.support.deliveries import body
from tests.support.git_client import WorkTree
from tests.support.independent_gold import assert_gold_is_right
from tests.support.modes import open_to_others
from tests.support.recorded_week import DELIVERIES_OF_DAYS
from tests.support.stack import Stack
from tests.support.state_machines import until

BAD_ROWS = b"""[
    {"date": "2026-01-21", "channel": "youtube_paid_ads", "spend": 10.5},
    {"date": "2026-01-21", "channel": "youtube_paid_ads", "spend": -1},
    {"date": "2026-01-21", "channel": "tiktok_paid_ads"},
    {"date": "2026-01-21", "channel": "facebook_paid_ads", "spend": "12"},
    {"date": "2026-01-21", "channel": "facebook_paid_ads", "spend": Infinity},
    {"date": "2026-01-21", "channel": "radio_ads", "spend": 1},
    {"date": "2026-01-20", "channel": "facebook_paid_ads", "spend": 1}
]"""


@pytest.fixture
def stack(filled: Stack) -> Stack:
    return filled


def test_every_delivery_of_the_sample_ends_in_its_place(stack):
    s3 = stack.client("s3")
    days = {}
    for key in stack.keys("project6-bronze-bucket", "events/"):
        day = key.split("/")[1].removeprefix("event_date=")
        days[day] = days.get(day, 0) + 1
    undated = days.pop("unknown", 0)
    assert days == DELIVERIES_OF_DAYS
    quarantined = len(stack.keys("project6-bronze-bucket", "quarantine/"))
    assert undated and quarantined
    assert stack.summary["accepted"] == 1541 + undated
    assert stack.summary["failed"] == 0
    assert s3.head_bucket(Bucket="dea-data-bucket")


def test_gold_equals_the_independent_computation(stack):
    assert_gold_is_right(stack)


def test_silver_accounts_for_every_bronze_object(stack):
    read = len(stack.keys("project6-bronze-bucket", "events/"))
    winners = stack.count("fact_bookings")
    rejected = stack.count("rejected_events")
    text = stack.log_text("/aws/emr-serverless")
    accounts = [json.loads(line) for line in text.splitlines() if '"silver-events"' in line]
    assert accounts[0]["read"] == read
    assert accounts[0]["winners"] == winners
    assert accounts[0]["rejected"] == rejected
    assert accounts[0]["superseded"] == read - winners - rejected


def test_spend_totals_are_those_of_the_published_table(stack):
    rows = stack.query("SELECT channel, total_spend FROM gold_cpb_by_channel")
    assert dict(rows) == {
        "others": 0.0,
        "youtube": 20207.43,
        "facebook": 20260.42,
        "tiktok": 13593.57,
    }


def test_fact_events_has_the_68_columns_and_the_partition_column(stack):
    columns = stack.table("s3://project6-silver-bucket/fact_events").schema().fields
    assert len(columns) == 69
    assert [c.name for c in columns][:3] == ["ingestion_time", "source", "data_created_at"]
    assert columns[-1].name == "event_date"


def test_the_first_run_s_report_tells_its_accounts_what_it_made_of_gold_and_why(stack, tmp_path):
    file = tmp_path / "report.html"
    stack.lake("report", stack.first_run["execution_arn"], "--out", str(file))
    html = file.read_text()
    for told in (
        "1,548 objects read: 1,251 winners, 267 superseded, 30 rejected",
        "facebook added: bookings 120, spend 20,260.42, cost per booking 168.84",
        "data.payload.meeting_recap_opt_in",
        "invalid_timestamp",
    ):
        assert told in html, told
    assert "<td>NO</td>" not in html  # every account adds up
    assert "example.com" not in html  # what was delivered is masked


def test_a_failing_silver_job_stops_gold_and_the_run_after_its_revert_reads_and_changes_nothing(
    stack, tmp_path
):
    before, versions = stack.gold(), stack.gold_versions()
    assert json.loads(stack.lake("replay", "--json"))["accepted"] == 0
    tree = WorkTree(tmp_path / "code", f"{stack.url}/_git/project6/code.git", branch="deploy")
    tree.git("pull", "--quiet", "origin", "deploy")
    script = "Spark_codes/project6-silver-events.py"
    tree.push_files("Break silver", {script: "raise RuntimeError('the oven is cold')\n"})
    try:
        failed = stack.lake("run", "--json", expect=1)
    finally:
        tree.git("revert", "--no-edit", "HEAD")
        tree.git("push", "--quiet", "origin", "deploy")
    outcome = json.loads(failed)
    assert outcome["status"] == "FAILED"
    assert "the oven is cold" in outcome["cause"]
    report = stack.lake("report", "--out", "-")
    assert "It failed in SilverEvents" in report
    assert "RuntimeError: the oven is cold" in report
    assert "Nothing: every gold table is as it was before the run." in report
    assert stack.gold_versions() == versions
    assert json.loads(stack.lake("run", "--json"))["status"] == "SUCCEEDED"
    assert (stack.gold(), stack.gold_versions()) == (before, versions)
    lines = stack.log_text("/aws/emr-serverless").splitlines()
    accounts = [json.loads(line) for line in lines if '"silver-events"' in line]
    assert (accounts[-1]["read"], accounts[-1]["listed"]) == (0, accounts[0]["read"])
    first, last = accounts[0]["spark_jobs"], accounts[-1]["spark_jobs"]
    assert all(first.values())
    assert last == dict.fromkeys(first, 0)
    assert any(line.startswith("Skipped gold") for line in lines)


@dataclass
class Recovery:
    """What stood before the kill, right after it, and how the executions after it have ended."""

    rows_before: tuple[int, int]
    spend_before: float
    spend_lost: float
    rows_after_the_kill: tuple[int, int]
    ends: list[tuple[str, str | None]]


@pytest.fixture(scope="module")
def recovered(filled) -> Recovery:
    """Late deliveries, broken spend and 40 bookings came in; a run over them was killed in its
    writes, and two executions at once, with 40 bookings more, went on from there."""
    rows, spend = rows_of(filled), SpendSource(filled)
    total = filled.query("SELECT sum(total_spend) FROM gold_cpb_by_channel")[0][0]
    lost = sum(row["spend"] for row in json.loads(spend.read("spend_data_2026-01-18.json")))
    spend.break_some()
    deliver_late(filled)
    book(filled, "killed", "2026-01-21T10:00:00Z")
    kill_a_run_in_its_writes(filled)
    after_the_kill = rows_of(filled)
    book(filled, "twice", "2026-01-22T10:00:00Z")
    return Recovery(rows, total, lost, after_the_kill, ends_of_two_at_once(filled))


def rows_of(stack: Stack) -> tuple[int, int]:
    return stack.count("fact_events"), stack.count("fact_bookings")


def deliver_late(stack: Stack) -> None:
    """Two invitees in four deliveries, of which two are the same."""
    bodies = [body("late-1", "invitee.canceled", "2025-11-16T10:00:00Z", status="canceled")]
    bodies += [body("late-1", "invitee.created", "2025-11-15T10:00:00Z")]
    bodies += [body("late-2", "invitee.created", "2025-11-15T11:00:00Z")] * 2
    random.Random(7).shuffle(bodies)
    for one in bodies:
        stack.post(one)


def book(stack: Stack, name: str, created: str) -> None:
    for number in range(40):
        stack.post(body(f"{name}-{number}", "invitee.created", created))


def kill_a_run_in_its_writes(stack: Stack) -> None:
    before = stack.keys("project6-silver-bucket", "fact_events/event_date")
    running = stack.lake_in_background("run", "--json")
    stack.wait_for(
        lambda: len(stack.keys("project6-silver-bucket", "fact_events/event_date")) > len(before)
    )
    assert stack.kill_drivers() > 0
    assert running.wait(timeout=400) == 1


def ends_of_two_at_once(stack: Stack) -> list[tuple[str, str | None]]:
    """Status and cause of each."""
    states = stack.client("stepfunctions")
    (machine,) = states.list_state_machines()["stateMachines"]
    both = [states.start_execution(stateMachineArn=machine["stateMachineArn"]) for _ in range(2)]

    def found() -> list[tuple[str, str | None]]:
        described = [states.describe_execution(executionArn=e["executionArn"]) for e in both]
        return [(execution["status"], execution.get("cause")) for execution in described]

    stack.wait_for(lambda: "RUNNING" not in dict(found()), 400)
    return found()


def test_jobs_killed_in_their_writes_leave_tables_whole(recovered):
    for before, after in zip(recovered.rows_before, recovered.rows_after_the_kill, strict=True):
        assert after in (before, before + 42)


def test_two_executions_at_once_recover_from_it_and_never_lose_or_double_a_row(stack, recovered):
    assert recovered.ends == [("SUCCEEDED", None)] * 2
    events, bookings = recovered.rows_before
    assert stack.count("fact_events") == events + 82
    keys = "count(*), count(DISTINCT invitee_id), count(DISTINCT bronze_key)"
    assert stack.query(f"SELECT {keys} FROM fact_bookings") == [(bookings + 82,) * 3]
    assert_gold_is_right(stack)


def test_late_repeated_and_shuffled_deliveries_give_the_gold_of_their_order(stack, recovered):
    rows = stack.query(
        "SELECT invitee_id, status FROM fact_bookings WHERE invitee_id LIKE 'late-%' ORDER BY 1"
    )
    assert rows == [("late-1", "canceled"), ("late-2", "active")]


def test_bad_spend_files_end_in_their_place_and_the_run_goes_on(stack, recovered):
    found = stack.query(
        "SELECT bronze_key, row_number, array_to_string(reasons, ' ') FROM rejected_marketing"
        " ORDER BY bronze_key, reasons"
    )
    assert [(key[-15:-5], reasons) for key, _, reasons in found] == [
        ("2026-01-18", "unparsable_json"),
        ("2026-01-21", "invalid_date"),
        ("2026-01-21", "invalid_spend"),
        ("2026-01-21", "invalid_spend"),
        ("2026-01-21", "missing_spend"),
        ("2026-01-21", "negative_spend"),
        ("2026-01-21", "unknown_channel"),
    ]
    after = stack.query("SELECT sum(total_spend) FROM gold_cpb_by_channel")[0][0]
    expected = recovered.spend_before - recovered.spend_lost + 10.5
    assert after == pytest.approx(expected, abs=1e-9)
    assert "2026-01-22" in stack.log_text("/aws-glue/jobs/output")


def test_what_jobs_and_functions_leave_behind_is_their_user_s_alone(stack):
    # Spark opens the log of a driver that is being started to its group, for the moment that takes.
    assert until(lambda: open_to_others(stack.folder), [].__eq__) == []


class SpendSource:
    """The public bucket that stands in for the marketing source."""

    def __init__(self, stack: Stack) -> None:
        self._s3 = stack.client("s3")

    def read(self, name: str) -> bytes:
        return self._s3.get_object(**self._object(name))["Body"].read()

    def break_some(self) -> None:
        """One file is no JSON, one has bad rows, one is listed and missing."""
        self.write("spend_data_2026-01-18.json", b"<html>not found</html>")
        self.write("spend_data_2026-01-21.json", BAD_ROWS)
        self.list_also("spend_data_2026-01-21.json", "spend_data_2026-01-22.json")

    def write(self, name: str, content: bytes) -> None:
        self._s3.put_object(**self._object(name), Body=content)

    def list_also(self, *names: str) -> None:
        index = json.loads(self.read("file_index.json"))
        index["files"] += names
        self.write("file_index.json", json.dumps(index).encode())

    @staticmethod
    def _object(name: str) -> dict[str, str]:
        return {"Bucket": "dea-data-bucket", "Key": f"calendly_spend_data/{name}"}
