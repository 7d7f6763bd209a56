"""What the pipeline's author looked at in the AWS console, asked of the stack by the AWS CLI."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from lake.settings import ROOT
from tests.support import aws_cli

RESULTS = "s3://project6-query-results/"
CRAWLERS = {
    "project6-silver-event-crawler": ("event_db", "fact_events"),
    "project6-silver-marketing-crawler": ("marketing_db", "fact_marketing"),
    "project6-gold-crawler": ("gold_db", "gold_cpb_by_channel"),
}
# The table of docs/data.md; test_pipeline.py compares gold with a computation of its own.
COST_PER_BOOKING = {
    "facebook": ("120", "20260.42", pytest.approx(168.83683, abs=1e-5)),
    "others": ("1019", "0.0", 0.0),
    "tiktok": ("8", "13593.57", pytest.approx(1699.19625, abs=1e-5)),
    "youtube": ("30", "20207.43", pytest.approx(673.581, abs=1e-5)),
}
PRINTS = """\
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("counts").getOrCreate()
print("counted", spark.range(1000).count())
"""


class Console:
    def __init__(self, url: str) -> None:
        self.url = url

    def aws(self, *words: str) -> Any:
        return aws_cli.answer(self.url, *words)

    def query(self, sql: str) -> tuple[list[list[str | None]], dict[str, Any]]:
        """The rows that Athena shows, a SELECT's header among them, and its statistics."""
        words = ("--query-string", sql, "--result-configuration", f"OutputLocation={RESULTS}")
        query = self.aws("athena", "start-query-execution", *words)["QueryExecutionId"]
        by_id = ("--query-execution-id", query)
        deadline = time.monotonic() + 60
        while True:
            found = self.aws("athena", "get-query-execution", *by_id)["QueryExecution"]
            if found["Status"]["State"] not in ("QUEUED", "RUNNING"):
                break
            assert time.monotonic() < deadline, found
        assert found["Status"]["State"] == "SUCCEEDED", found["Status"]
        rows = self.aws("athena", "get-query-results", *by_id)["ResultSet"]["Rows"]
        return [[one.get("VarCharValue") for one in row["Data"]] for row in rows], found[
            "Statistics"
        ]


def role_for_emr(stack: Any) -> str:
    """The ARN of a role whose jobs may use the bucket of results, which the pipeline's may not."""
    iam = stack.client("iam")
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "emr-serverless.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    places = ["arn:aws:s3:::project6-query-results", "arn:aws:s3:::project6-query-results/*"]
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": places}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    role = iam.create_role(RoleName="emr-cli", AssumeRolePolicyDocument=json.dumps(document))
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName="emr-cli", PolicyName="results", PolicyDocument=policy)
    arn: str = role["Role"]["Arn"]
    return arn


@pytest.fixture(scope="module")
def console(filled: Any) -> Console:
    """The catalog is filled by the three crawlers."""
    console = Console(filled.url)
    console.aws("s3api", "create-bucket", "--bucket", "project6-query-results")
    for name in CRAWLERS:
        console.aws("glue", "start-crawler", "--name", name)
    for name, (database, table) in CRAWLERS.items():
        deadline = time.monotonic() + 120
        while (found := console.aws("glue", "get-crawler", "--name", name)["Crawler"])[
            "State"
        ] != "READY":
            assert time.monotonic() < deadline, found
            time.sleep(0.5)
        assert found["LastCrawl"]["Status"] == "SUCCEEDED", found["LastCrawl"]
        asked = ("--database-name", database, "--name", table)
        parameters = console.aws("glue", "get-table", *asked)["Table"]["Parameters"]
        assert parameters["table_type"].upper() == "DELTA"
    return console


def test_fact_events_has_69_columns_in_the_information_schema(console: Console) -> None:
    rows, _ = console.query(
        "SELECT COUNT(*) FROM information_schema.columns"
        " WHERE table_schema='event_db' AND table_name='fact_events'"
    )
    assert rows[1:] == [["69"]]


def test_describing_fact_events_ends_with_its_partition(console: Console) -> None:
    rows, _ = console.query("DESCRIBE event_db.fact_events")
    lines = [" ".join((row[0] or "").split()) for row in rows]
    assert lines[0] == "ingestion_time string"
    assert lines[-5:] == [
        "",
        "# Partition Information",
        "# col_name data_type comment",
        "",
        "event_date date",
    ]


def test_five_rows_of_spend_come_with_times_and_bytes(console: Console) -> None:
    rows, statistics = console.query("SELECT * FROM marketing_db.fact_marketing LIMIT 5")
    assert rows[0] == ["spend_date", "channel", "spend", "date"]
    assert len(rows) == 6
    assert statistics["DataScannedInBytes"] > 0
    assert statistics["QueryQueueTimeInMillis"] >= 0
    assert statistics["EngineExecutionTimeInMillis"] > 0


def test_what_a_booking_costs_by_channel(console: Console) -> None:
    rows, _ = console.query(
        "SELECT channel, total_bookings_count, total_spend, cpb FROM gold_db.gold_cpb_by_channel"
    )
    found = {name: (count, spend, float(cpb)) for name, count, spend, cpb in rows[1:]}
    assert found == COST_PER_BOOKING


@pytest.mark.parametrize("layer", ["bronze", "silver", "gold"])
def test_a_bucket_is_copied_whole(
    console: Console, filled: Any, layer: str, tmp_path: Path
) -> None:
    bucket = f"project6-{layer}-bucket"
    aws_cli.text(console.url, "s3", "cp", "--recursive", "--quiet", f"s3://{bucket}", str(tmp_path))
    copied = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert copied == {key for key in filled.keys(bucket, "") if not key.endswith("/")}


def test_job_runs_are_listed_with_state_run_time_and_driver_logs(console: Console) -> None:
    emr = ("emr-serverless",)
    names = set()
    for application in console.aws(*emr, "list-applications")["applications"]:
        of = ("--application-id", application["id"])
        for listed in console.aws(*emr, "list-job-runs", *of)["jobRuns"]:
            run = console.aws(*emr, "get-job-run", *of, "--job-run-id", listed["id"])["jobRun"]
            assert run["state"] == "SUCCESS"
            assert run["totalExecutionDurationSeconds"] > 0
            names.add(run["name"])
            stream = f"/applications/{application['id']}/jobs/{run['jobRunId']}/SPARK_DRIVER/stdout"
            events = console.aws(
                *("logs", "get-log-events", "--log-group-name", "/aws/emr-serverless"),
                *("--log-stream-name", stream),
            )["events"]
            assert events
    assert names >= {"project6-silver-events", "project6-silver-marketing", "project6-gold"}


def test_every_state_of_the_execution_is_green(console: Console, filled: Any) -> None:
    arn = filled.first_run["execution_arn"]
    words = ("get-execution-history", "--execution-arn", arn)
    events = console.aws("stepfunctions", *words)["events"]
    entered = {
        e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e
    }
    left = {e["stateExitedEventDetails"]["name"] for e in events if "stateExitedEventDetails" in e}
    assert entered == left and len(left) == 6
    assert not [event for event in events if "Failed" in event["type"]]
    assert events[-1]["type"] == "ExecutionSucceeded"


def test_emr_cli_deploys_a_script_runs_it_and_shows_its_output(
    console: Console, filled: Any, tmp_path: Path
) -> None:
    (application, *_) = console.aws("emr-serverless", "list-applications")["applications"]
    (tmp_path / "counts.py").write_text(PRINTS)
    role = role_for_emr(filled)
    done = subprocess.run(
        [
            *(str(ROOT / ".venv-clients" / "bin" / "emr"), "run", "--entry-point", "counts.py"),
            *("--application-id", application["id"], "--job-name", "counts", "--wait"),
            *("--job-role", role, "--build"),
            *("--s3-code-uri", f"{RESULTS}code", "--s3-logs-uri", f"{RESULTS}logs"),
            "--show-stdout",
        ],
        cwd=tmp_path,
        env={**os.environ, **aws_cli.variables(console.url)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "counted 1000" in done.stdout
    keys = filled.keys("project6-query-results", "logs/")
    (key,) = [one for one in keys if one.endswith("SPARK_DRIVER/stdout.gz")]
    body = filled.client("s3").get_object(Bucket="project6-query-results", Key=key)["Body"].read()
    assert "counted 1000" in gzip.decompress(body).decode()
