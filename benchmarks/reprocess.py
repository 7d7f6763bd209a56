"""All deliveries processed anew, against DuckDB computing the same tables from the same objects.

And a daily increment on them, against the same on the recorded week. BENCH_DELIVERIES tells how
many they are: the targets are of 100,000, which need BENCH_SECONDS=5400.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.measures import Measure, at_most, interleaved, seconds
from benchmarks.pipeline import INCREMENT, execution, forget, generated
from sample_data.recorded import read_deliveries
from tests.support.independent_gold import GOLD, independent
from tests.support.stack import Stack, started_stack
from tests.support.webhook_function import webhook

DELIVERIES = int(os.environ.get("BENCH_DELIVERIES", "5000"))
ROUNDS = 2
CLIENTS = 16
BRONZE = "project6-bronze-bucket"
WEEK = "the recorded week"
_days = count()


def measured(folder: Path) -> Iterator[Measure]:
    sample = generated(folder / "sample", DELIVERIES, seed=42)
    with ExitStack() as stacks:
        stack = stacks.enter_context(started_stack(folder / "lake"))
        stack.lake("deploy")
        store(stack, sample)
        execution(stack)  # brings the spend to bronze
        found = interleaved(
            {"ours": lambda: reprocessed(stack), "DuckDB": lambda: computed(stack)}, ROUNDS
        )
        what = f"reprocess of {DELIVERIES:,} deliveries"
        yield Measure(what, "s", found["ours"], at_most(4), "DuckDB", found["DuckDB"])
        week = stacks.enter_context(started_stack(folder / "week"))
        week.lake("deploy")
        week.lake("replay", "--json")
        execution(week)
        both = {"ours": stack, WEEK: week}
        grown = interleaved({n: partial(increment, s, folder) for n, s in both.items()}, ROUNDS)
    what = f"an increment of {INCREMENT} deliveries on {DELIVERIES:,}"
    yield Measure(what, "s", grown["ours"], at_most(1.3), WEEK, grown[WEEK])


def store(stack: Stack, sample: Path) -> None:
    """Put the deliveries into bronze as the webhook's function does, past API Gateway."""
    s3, now = stack.client("s3"), datetime.now(UTC)

    def put(body: bytes) -> None:
        day = webhook.event_date(webhook.parsed_object(body))
        key = f"events/event_date={day}/{webhook.body_uuid(body)}.json"
        s3.put_object(Bucket=BRONZE, Key=key, Body=webhook.bronze_object(body, now))

    with ThreadPoolExecutor(CLIENTS) as pool:
        for _ in pool.map(put, wellformed(sample)):
            pass


def wellformed(sample: Path) -> Iterator[bytes]:
    for delivery in read_deliveries(folder=sample):
        try:
            webhook.parsed_object(delivery.body)
        except (ValueError, RecursionError):
            continue  # belongs to quarantine, which silver does not read
        yield delivery.body


def reprocessed(stack: Stack) -> float:
    forget(stack)
    return execution(stack)


def increment(stack: Stack, folder: Path) -> float:
    number = next(_days)
    sample = generated(folder / f"day-{number}", INCREMENT, seed=100 + number)
    stack.lake("replay", "--json", "--folder", str(sample))
    return execution(stack)


def computed(stack: Stack) -> float:
    """Seconds from the first request for an object to the last row of gold."""

    def compute() -> None:
        connection = independent(read(stack, "events/"), read(stack, "marketing/spend_date="))
        for sql in GOLD.values():
            connection.sql(sql).fetchall()

    return seconds(compute)


def read(stack: Stack, prefix: str) -> dict[str, str]:
    """The objects' text by key, by as many requests at once as the jobs have."""
    s3, keys = stack.client("s3"), stack.keys(BRONZE, prefix)

    def text(key: str) -> str:
        content: bytes = s3.get_object(Bucket=BRONZE, Key=key)["Body"].read()
        return content.decode()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return dict(zip(keys, pool.map(text, keys), strict=True))
