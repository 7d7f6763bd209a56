"""AWS's prices, and the hours that a task is billed for: from the seconds that it took here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PRICES = Path(__file__).with_name("prices.json")

HOUR = 3600.0
# A worker of EMR Serverless by default, and what the template lets an application have at most.
# https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html
WORKER_VCPU, WORKER_GB, FEWEST, MOST = 4, 16, 2, 4
LEAST_SECONDS = 60.0  # is billed for a worker, and for a run of Glue
SLOWER = 3.0  # than on the laptop, at the most: data on S3, workers that are started first
START_SECONDS = 120.0
DPUS = 2
WAITING_GB = 0.125  # of the function that waits for the code pipeline

SPARK_ASSUMPTION = (
    f"A Spark job has {FEWEST} to {MOST} workers of {WORKER_VCPU} vCPUs and {WORKER_GB} GB, and"
    f" takes as long as on the laptop to {SLOWER:.0f} times as long and {START_SECONDS:.0f} s more;"
    f" at least {LEAST_SECONDS:.0f} s are billed"
)
GLUE_ASSUMPTION = f"The Glue job has {DPUS} DPUs, and takes as long to {SLOWER:.0f} times as long"

Range = tuple[float, float]


def price_list() -> dict[str, Any]:
    """`date`, `region`, `currency`, and `prices` with `usd` and `source` by what is billed."""
    found: dict[str, Any] = json.loads(PRICES.read_text())
    return found


def in_usd(listed: Mapping[str, Any]) -> dict[str, float]:
    return {name: entry["usd"] for name, entry in listed["prices"].items()}


def worker_hours(seconds: float) -> Range:
    """Of all workers of a Spark job, at least and at most."""
    least = FEWEST * max(LEAST_SECONDS, seconds)
    return least / HOUR, MOST * (SLOWER * seconds + START_SECONDS) / HOUR


def dpu_hours(seconds: float) -> Range:
    least = DPUS * max(LEAST_SECONDS, seconds)
    return least / HOUR, DPUS * (SLOWER * seconds + LEAST_SECONDS) / HOUR


def of_worker_hour(prices: Mapping[str, float]) -> float:
    """In USD."""
    vcpu, memory = prices["emr_serverless_vcpu_hour"], prices["emr_serverless_gb_hour"]
    return WORKER_VCPU * vcpu + WORKER_GB * memory
