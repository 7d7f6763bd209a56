"""The whole pipeline on its own stack: webhooks in, gold out, checked by a second computation."""

from __future__ import annotations

import json
import random

import pytest

from tests.support.deliveries import body
from tests.support.git_client import WorkTree
from tests.support.independent_gold import assert_gold_is_right
from tests.support.modes import open_to_others
from tests.support.recorded_week import DELIVERIES_OF_DAYS
from tests.support.stack import Stack


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


def test_a_second_replay_and_run_read_and_change_nothing(stack):
    before, versions = stack.gold(), stack.gold_versions()
    summary = json.loads(stack.lake("replay", "--json"))
    assert summary["accepted"] == 0
    assert json.loads(stack.lake("run", "--json"))["status"] == "SUCCEEDED"
    assert (stack.gold(), stack.gold_versions()) == (before, versions)
    lines = stack.log_text("/aws/emr-serverless").splitlines()
    accounts = [json.loads(line) for line in lines if '"silver-events"' in line]
    assert (accounts[-1]["read"], accounts[-1]["listed"]) == (0, accounts[0]["read"])
    first, last = accounts[0]["spark_jobs"], accounts[-1]["spark_jobs"]
    assert all(first.values())
    assert last == dict.fromkeys(first, 0)
    assert any(line.startswith("Skipped gold") for line in lines)


def test_a_failing_silver_job_stops_gold_and_its_revert_undoes_a_change_of_gold_by_hand(
    stack, tmp_path
):
    before = stack.gold()
    stack.table("s3://project6-gold-bucket/gold_booking_outcomes").delete("channel = 'tiktok'")
    tree = WorkTree(tmp_path / "code", f"{stack.url}/_git/project6/code.git", branch="deploy")
    tree.git("pull", "--quiet", "origin", "deploy")
    versions = stack.gold_versions()
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
    assert stack.gold() == before
    changed = [name for name, version in stack.gold_versions().items() if version != versions[name]]
    assert changed == ["gold_booking_outcomes"]


@pytest.fixture(scope="module")
def spend_before(filled):
    """The total, and that of a file which the next run, over late deliveries too, finds broken."""
    bodies = [body("late-1", "invitee.canceled", "2025-11-16T10:00:00Z", status="canceled")]
    bodies += [body("late-1", "invitee.created", "2025-11-15T10:00:00Z")]
    bodies += [body("late-2", "invitee.created", "2025-11-15T11:00:00Z")] * 2
    random.Random(7).shuffle(bodies)
    for one in bodies:
        filled.post(one)
    source = SpendSource(filled)
    good = source.read("spend_data_2026-01-18.json")
    total = filled.query("SELECT sum(total_spend) FROM gold_cpb_by_channel")[0][0]
    source.write("spend_data_2026-01-18.json", b"<html>not found</html>")
    source.write(
        "spend_data_2026-01-21.json",
        b"""[{"date": "2026-01-21", "channel": "youtube_paid_ads", "spend": 10.5},
            {"date": "2026-01-21", "channel": "youtube_paid_ads", "spend": -1},
            {"date": "2026-01-21", "channel": "tiktok_paid_ads"},
            {"date": "2026-01-21", "channel": "facebook_paid_ads", "spend": "12"},
            {"date": "2026-01-21", "channel": "facebook_paid_ads", "spend": Infinity},
            {"date": "2026-01-21", "channel": "radio_ads", "spend": 1},
            {"date": "2026-01-20", "channel": "facebook_paid_ads", "spend": 1}]""",
    )
    source.list_also("spend_data_2026-01-21.json", "spend_data_2026-01-22.json")
    assert json.loads(filled.lake("run", "--json"))["status"] == "SUCCEEDED"
    return total, sum(row["spend"] for row in json.loads(good))


def test_late_repeated_and_shuffled_deliveries_give_the_gold_of_their_order(stack, spend_before):
    rows = stack.query(
        "SELECT invitee_id, status FROM fact_bookings WHERE invitee_id LIKE 'late-%' ORDER BY 1"
    )
    assert rows == [("late-1", "canceled"), ("late-2", "active")]
    assert_gold_is_right(stack)


def test_bad_spend_files_end_in_their_place_and_the_run_goes_on(stack, spend_before):
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
    total, lost = spend_before
    after = stack.query("SELECT sum(total_spend) FROM gold_cpb_by_channel")[0][0]
    assert after == pytest.approx(total - lost + 10.5, abs=1e-9)
    assert "2026-01-22" in stack.log_text("/aws-glue/jobs/output")


@pytest.fixture(scope="module")
def rows_before(filled):
    """Of both silver tables, before 40 deliveries whose jobs are killed in their writes."""
    rows = filled.count("fact_events"), filled.count("fact_bookings")
    before = filled.keys("project6-silver-bucket", "fact_events/event_date")
    for number in range(40):
        filled.post(body(f"killed-{number}", "invitee.created", "2026-01-21T10:00:00Z"))
    running = filled.lake_in_background("run", "--json")
    filled.wait_for(
        lambda: len(filled.keys("project6-silver-bucket", "fact_events/event_date")) > len(before)
    )
    assert filled.kill_drivers() > 0
    assert running.wait(timeout=400) == 1
    return rows


def test_jobs_killed_in_their_writes_leave_tables_whole(stack, rows_before):
    events, bookings = rows_before
    assert stack.count("fact_events") in (events, events + 40)
    assert stack.count("fact_bookings") in (bookings, bookings + 40)


def test_two_executions_at_once_recover_from_it_and_never_lose_or_double_a_row(stack, rows_before):
    events, bookings = rows_before
    for number in range(40):
        stack.post(body(f"twice-{number}", "invitee.created", "2026-01-22T10:00:00Z"))
    states = stack.client("stepfunctions")
    (machine,) = states.list_state_machines()["stateMachines"]
    both = [states.start_execution(stateMachineArn=machine["stateMachineArn"]) for _ in range(2)]

    def found(key: str) -> list:
        return [states.describe_execution(executionArn=e["executionArn"]).get(key) for e in both]

    stack.wait_for(lambda: "RUNNING" not in found("status"), 400)
    assert found("status") == ["SUCCEEDED", "SUCCEEDED"], found("cause")
    assert stack.count("fact_events") == events + 80
    keys = "count(*), count(DISTINCT invitee_id), count(DISTINCT bronze_key)"
    assert stack.query(f"SELECT {keys} FROM fact_bookings") == [(bookings + 80,) * 3]
    assert_gold_is_right(stack)


def test_what_jobs_and_functions_leave_behind_is_their_user_s_alone(stack):
    # Spark opens the log of a driver that is being started to its group, for the moment that takes.
    stack.wait_for(lambda: open_to_others(stack.folder) == [])


class SpendSource:
    """The public bucket that stands in for the marketing source."""

    def __init__(self, stack: Stack) -> None:
        self._s3 = stack.client("s3")

    def read(self, name: str) -> bytes:
        return self._s3.get_object(**self._object(name))["Body"].read()

    def write(self, name: str, content: bytes) -> None:
        self._s3.put_object(**self._object(name), Body=content)

    def list_also(self, *names: str) -> None:
        index = json.loads(self.read("file_index.json"))
        index["files"] += names
        self.write("file_index.json", json.dumps(index).encode())

    @staticmethod
    def _object(name: str) -> dict[str, str]:
        return {"Bucket": "dea-data-bucket", "Key": f"calendly_spend_data/{name}"}
