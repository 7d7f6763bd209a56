"""What a month would cost: measured runs and prices in, a range out, computed here by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aws_bootstrap.costs import estimate, usage
from pipeline.names import ResourceNames
from pipeline.prices import price_list

RUNS = 30.4375  # 365.25 days of 12 months, one run a day
USED = usage.Usage(
    runs=3,
    seconds={"Deploy": 10.0, "Bronze": 20.0, "Silver": 30.0, "Gold": 90.0, "Pass": 1.0},
    kinds={"Deploy": "lambda", "Bronze": "glue", "Silver": "emr", "Gold": "emr"},
    transitions=7,
    deliveries_a_day=(100.0, 200.0),
    bytes_kept=2_000_000_000,
    bytes_a_delivery=3000.0,
)


def _of(service: str) -> dict[str, Any]:
    found = estimate.estimate(USED, price_list())["services"]
    return next(each for each in found if each["service"] == service)


def test_spark_is_billed_by_workers_of_at_least_a_minute():
    """Low: two workers for 60 and 90 s. High: four for 3 x 30 + 120 and 3 x 90 + 120 s."""
    low = 2 * 150 / 3600 * RUNS * (4 * 0.052624 + 16 * 0.0057785)
    high = 4 * 600 / 3600 * RUNS * (4 * 0.052624 + 16 * 0.0057785)
    found = _of("EMR Serverless")
    assert (found["low"], found["high"]) == (pytest.approx(low, 1e-3), pytest.approx(high, 1e-3))


@pytest.mark.parametrize(
    ("service", "low", "high"),
    [
        ("Glue", 2 * 60 / 3600 * RUNS * 0.44, 2 * 120 / 3600 * RUNS * 0.44),
        ("API Gateway", 100 * RUNS * 3.5e-6, 200 * RUNS * 3.5e-6),
        ("Step Functions", 7 * RUNS * 25e-6, 7 * RUNS * 25e-6),
        ("Athena", 20 * RUNS * 1e7 / 1e12 * 5, 200 * RUNS * 1e7 / 1e12 * 5),
        ("CloudWatch Logs", RUNS * 0.001 * 0.5, RUNS * 0.02 * 0.5),
        ("Secrets Manager", 0.80, 0.80 + 10 * 288 * RUNS * 5e-6),
        ("CloudWatch", 6 * 0.1, 6 * 0.1),
        ("CodePipeline", 3 * RUNS * 0.002, 6 * RUNS * 0.002),
    ],
)
def test_each_service_costs_its_quantity_times_its_price(service: str, low: float, high: float):
    found = _of(service)
    assert (found["low"], found["high"]) == (
        pytest.approx(low, abs=1e-4),
        pytest.approx(high, abs=1e-4),
    )


def test_workers_that_wait_are_counted_by_the_hour_and_there_are_none_unless_asked_for():
    """Two applications with a driver and two executors: 120 s of jobs, 15 idle minutes a day."""
    hourly = 2 * 3 * (4 * 0.052624 + 16 * 0.0057785)
    found = estimate.estimate(USED, price_list(), warm_executors=2)
    (line,) = [each for each in found["services"] if each["service"] == "EMR waiting"]
    assert line["how"].startswith("1.82 USD an hour")
    assert line["low"] == pytest.approx(RUNS * hourly * (120 / 3600 + 0.25), abs=1e-4)
    assert line["high"] == pytest.approx(RUNS * hourly * (360 / 3600 + 0.25), abs=1e-4)
    none = estimate.estimate(USED, price_list())["services"]
    assert "EMR waiting" not in [each["service"] for each in none]


def test_the_total_is_the_sum_and_says_where_it_comes_from():
    found = estimate.estimate(USED, price_list())
    assert found["low"] == pytest.approx(sum(each["low"] for each in found["services"]), abs=0.01)
    assert found["high"] == pytest.approx(sum(each["high"] for each in found["services"]), abs=0.01)
    text = "\n".join(estimate.readable(found))
    assert (
        f"{found['low']:.2f} to {found['high']:.2f} USD in us-east-1, prices of 2026-11-28" in text
    )
    assert "from 3 runs measured on the laptop" in text
    assert "free tiers, taxes and data transfer are not counted" in text


def test_every_price_names_the_page_that_it_is_from():
    for entry in price_list()["prices"].values():
        assert entry["source"].startswith("https://aws.amazon.com/")
        assert entry["usd"] > 0


def test_a_states_seconds_are_those_from_its_entry_to_its_exit():
    begin = datetime(2026, 1, 20, tzinfo=UTC)

    def event(kind: str, second: float, **details: Any) -> dict[str, Any]:
        return {"type": kind, "timestamp": begin + timedelta(seconds=second), **details}

    history = [
        event("TaskStateEntered", 1, stateEnteredEventDetails={"name": "A"}),
        event("TaskFailed", 2),
        event("TaskStateExited", 4.5, stateExitedEventDetails={"name": "A"}),
        event("TaskStateEntered", 5, stateEnteredEventDetails={"name": "B"}),
    ]
    assert usage.state_seconds(history) == {"A": 3.5}


class NoRuns:
    def list_executions(self, **_: Any) -> dict[str, Any]:
        return {"executions": []}


def test_without_a_run_nothing_is_made_up():
    with pytest.raises(usage.NothingMeasuredError, match="found none that succeeded: `lake run`"):
        usage.measured(NoRuns(), None, "arn", ResourceNames())
