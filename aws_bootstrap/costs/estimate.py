"""What a stack has used and a price list in; the cost of a month on AWS as a range out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_bootstrap.costs import standing
from aws_bootstrap.costs.usage import Kind, Usage
from pipeline import prices as billed

Document = dict[str, Any]

RUNS = 365.25 / 12  # a month: the schedule starts one each day
GB, TB = 1e9, 1e12
WEBHOOK_GB, WEBHOOK_SECONDS = 0.25, (0.05, 1.0)
PIPELINE_SECONDS, ACTIONS, ACTION_MINUTES = 300.0, 3, (1, 2)
QUERIES, LEAST_SCANNED = (20 * RUNS, 200 * RUNS), 10e6
PUTS, GETS, LOGGED = (300, 3000), (1000, 10_000), (1e6, 20e6)  # of a run
COPIES, MONTHS = 3, 12
SECRETS, READS = 2, (0.0, 10 * 12 * 24 * RUNS)

ASSUMPTIONS = (
    "One scheduled run a day; free tiers, taxes and data transfer are not counted",
    billed.SPARK_ASSUMPTION,
    billed.GLUE_ASSUMPTION,
    "Deliveries a day: the mean to the most of a day in bronze",
    "Athena: 20 to 200 queries a day, each scanning 10 MB, the least that is billed",
    f"S3: what is kept now, to {MONTHS} months more of it; {PUTS[0]} to {PUTS[1]} writing and"
    f" {GETS[0]} to {GETS[1]} reading requests a run",
    f"Logs: {LOGGED[0] / 1e6:.0f} to {LOGGED[1] / 1e6:.0f} MB a run",
    "Signing keys are read every five minutes by ten webhook functions that stay warm, at most",
    "S3 encrypts with its own keys, which cost nothing; notifications and the dead-letter queue"
    " cost less than a cent",
    "Keys and crawlers that you run are not counted",
)


@dataclass(frozen=True)
class Line:
    """`cost` is the lowest and the highest in USD a month; `how` tells the quantities."""

    service: str
    cost: Sequence[float]
    how: str

    def document(self) -> Document:
        low, high = (round(each, 4) for each in self.cost)
        return {"service": self.service, "low": low, "high": high, "how": self.how}


def estimate(usage: Usage, listed: Mapping[str, Any], warm_executors: int = 0) -> Document:
    """The range for a month by service, with its assumptions and the price list's date."""
    prices = billed.in_usd(listed)
    lines = [*_lines(usage, prices), *_warm(usage, prices, warm_executors)]
    return {
        "currency": listed["currency"],
        "region": listed["region"],
        "prices_of": listed["date"],
        "measured_runs": usage.runs,
        "measured_seconds": {name: round(s, 1) for name, s in usage.seconds.items()},
        "low": round(sum(line.cost[0] for line in lines), 2),
        "high": round(sum(line.cost[1] for line in lines), 2),
        "services": [line.document() for line in lines],
        "assumptions": list(ASSUMPTIONS),
    }


def readable(found: Document) -> Iterator[str]:
    yield (
        f"Cost per month: {found['low']:.2f} to {found['high']:.2f} {found['currency']} in"
        f" {found['region']}, prices of {found['prices_of']}, from {found['measured_runs']} runs"
        " measured on the laptop"
    )
    for line in found["services"]:
        amounts = f"{line['low']:8.2f} to {line['high']:8.2f}"
        yield f"  {line['service']:<16} {amounts}  {line['how']}"
    yield "Assumptions"
    yield from (f"  {text}" for text in found["assumptions"])


def _lines(usage: Usage, prices: Mapping[str, float]) -> Iterator[Line]:
    yield _emr(_seconds(usage, "emr"), prices)
    yield _glue(_seconds(usage, "glue"), prices)
    deliveries = [each * RUNS for each in usage.deliveries_a_day]
    yield _functions(deliveries, _seconds(usage, "lambda"), prices)
    requests = [each * prices["api_gateway_request"] for each in deliveries]
    count = f"{deliveries[0]:,.0f} to {deliveries[1]:,.0f} deliveries"
    yield Line("API Gateway", requests, count)
    steps = usage.transitions * RUNS
    yield Line(
        "Step Functions",
        [steps * prices["state_transition"]] * 2,
        f"{usage.transitions:.0f} transitions a run",
    )
    minutes = [RUNS * ACTIONS * each for each in ACTION_MINUTES]
    yield Line(
        "CodePipeline",
        [each * prices["code_pipeline_action_minute"] for each in minutes],
        f"{minutes[0]:.0f} to {minutes[1]:.0f} minutes of actions",
    )
    scanned = [each * LEAST_SCANNED / TB for each in QUERIES]
    yield Line(
        "Athena",
        [each * prices["athena_tb_scanned"] for each in scanned],
        f"{scanned[0]:.4f} to {scanned[1]:.4f} TB scanned",
    )
    yield _storage(usage, deliveries, prices)
    yield Line(
        "Secrets Manager",
        [SECRETS * prices["secret_month"] + each * prices["secret_request"] for each in READS],
        f"{SECRETS} secrets, read {READS[0]:.0f} to {READS[1]:,.0f} times",
    )
    logged = [each * RUNS / GB for each in LOGGED]
    yield Line(
        "CloudWatch Logs",
        [each * prices["logs_gb_ingested"] for each in logged],
        f"{logged[0]:.2f} to {logged[1]:.2f} GB",
    )
    alarms = standing.alarms()
    yield Line("CloudWatch", [alarms * prices["alarm_month"]] * 2, f"{alarms} alarms")


def _warm(usage: Usage, prices: Mapping[str, float], executors: int) -> Iterator[Line]:
    """They wait while a run's jobs go on, and until the applications stop."""
    hourly = standing.warm_hourly(executors, prices)
    if hourly:
        jobs = sum(_seconds(usage, "emr"))
        hours = [
            RUNS * (each * jobs / billed.HOUR + standing.IDLE_HOURS) for each in (1, billed.SLOWER)
        ]
        how = f"{hourly:.2f} USD an hour while the applications are started"
        yield Line("EMR waiting", [hourly * each for each in hours], how)


def _seconds(usage: Usage, kind: Kind) -> list[float]:
    return [s for name, s in usage.seconds.items() if usage.kinds.get(name) == kind]


def _sides(ranges: Iterable[billed.Range]) -> tuple[list[float], list[float]]:
    """The least and the most of each."""
    found = list(ranges)
    return [low for low, _ in found], [high for _, high in found]


def _emr(jobs: list[float], prices: Mapping[str, float]) -> Line:
    hours = [sum(each) * RUNS for each in _sides(map(billed.worker_hours, jobs))]
    sizes = (billed.WORKER_VCPU, billed.WORKER_GB)
    vcpu, memory = ([each * size for each in hours] for size in sizes)
    cost = [each * billed.of_worker_hour(prices) for each in hours]
    how = f"{vcpu[0]:.1f} to {vcpu[1]:.1f} vCPU-h, {memory[0]:.1f} to {memory[1]:.1f} GB-h"
    return Line("EMR Serverless", cost, how)


def _glue(jobs: list[float], prices: Mapping[str, float]) -> Line:
    hours = [sum(each) * RUNS for each in _sides(map(billed.dpu_hours, jobs))]
    cost = [each * prices["glue_dpu_hour"] for each in hours]
    return Line("Glue", cost, f"{hours[0]:.2f} to {hours[1]:.2f} DPU-h")


def _functions(deliveries: list[float], waits: list[float], prices: Mapping[str, float]) -> Line:
    """The webhook's function, and the one that waits for the code pipeline's end."""
    waited = [sum(waits) * RUNS, max(sum(waits), PIPELINE_SECONDS) * RUNS]
    used = [
        WEBHOOK_GB * WEBHOOK_SECONDS[n] * deliveries[n] + billed.WAITING_GB * waited[n]
        for n in (0, 1)
    ]
    cost = [
        used[n] * prices["lambda_gb_second"] + (deliveries[n] + RUNS) * prices["lambda_request"]
        for n in (0, 1)
    ]
    return Line("Lambda", cost, f"{used[0]:,.0f} to {used[1]:,.0f} GB-s")


def _storage(usage: Usage, deliveries: list[float], prices: Mapping[str, float]) -> Line:
    grown = usage.bytes_kept + MONTHS * COPIES * deliveries[1] * usage.bytes_a_delivery
    kept = [usage.bytes_kept / GB, grown / GB]
    cost = [
        kept[n] * prices["s3_gb_month"]
        + (PUTS[n] * RUNS + deliveries[n]) * prices["s3_put_request"]
        + GETS[n] * RUNS * prices["s3_get_request"]
        for n in (0, 1)
    ]
    return Line("S3", cost, f"{kept[0]:.3f} to {kept[1]:.3f} GB kept")
