"""The overview in headless Chromium: a first look, and a click on a channel until its numbers show.

Bookings of 35 days, as many as the sample has and 1,000,000; a warm server, a new page each time.
A Streamlit page of one word takes turns with it: no page of Streamlit's can be faster.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from deltalake import write_deltalake
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.measures import Measure, at_most
from tests.browser.conftest import FLAGS, dashboard_of, streamlit_of
from tests.support.process_stack import ProcessStack
from tests.support.queries import storage_options

SEED, MANY, ROUNDS = 1251, 1_000_000, 7
PAINT_SECONDS, FILTER_SECONDS, FILTER_MANY_SECONDS = 1.5, 0.3, 1.0
VALUE = "[data-testid=stMetricValue]"
BUCKETS = {layer: f"project6-{layer}-bucket" for layer in ("bronze", "silver", "gold")}
FACT_BOOKINGS = """
    SELECT DATE '2026-01-14' AS event_date, uuid()::TEXT AS invitee_id,
           start::DATE AS booking_date, ['facebook', 'youtube', 'tiktok', 'others'][n % 4 + 1]
           AS channel, 'host@example.com' AS employee_email, start AS event_start_time,
           ['member-' || (n % 10)] AS employee_ids, 'event-' || n AS scheduled_event_id,
           CASE WHEN n % 10 = 0 THEN 'canceled' WHEN n % 40 = 1 THEN 'no_show' ELSE 'active' END
           AS status, n % 20 = 0 AS rescheduled, 'invitee.created' AS event,
           start - INTERVAL 2 DAY AS event_created_at,
           'events/event_date=2026-01-14/' || uuid()::TEXT || '.json' AS bronze_key
    FROM (SELECT n, TIMESTAMP '2025-12-16' + to_minutes((n * 7919) % 50400) AS start
          FROM range($number) t(n))
"""
METRICS = """
    SELECT booking_date, channel, date_trunc('hour', event_start_time) AS booking_hour,
           3::INT AS booking_week, count(*)::INT AS total_bookings, 25.0 AS total_spend,
           25.0 / count(*) AS cost_per_booking
    FROM fact_bookings WHERE NOT rescheduled GROUP BY ALL
"""
COSTS = """
    SELECT channel, sum(total_bookings)::BIGINT AS total_bookings_count,
           sum(total_spend) AS total_spend, 1.0 AS cpb
    FROM gold_booking_metrics GROUP BY channel
"""


def measured(folder: Path) -> Iterator[Measure]:
    for number, filter_seconds in ((SEED, FILTER_SECONDS), (MANY, FILTER_MANY_SECONDS)):
        with (
            lake_of(folder / str(number), number) as url,
            one_word(folder / str(number)) as floor_url,
            chromium() as browser,
        ):
            times = timed(browser, url, floor_url)
        target = at_most(PAINT_SECONDS) if number == SEED else None
        yield Measure(f"first look at {number:,} bookings", "s", times["look"], target)
        yield Measure(f"first contentful paint of {number:,} bookings", "s", times["paint"])
        yield Measure(f"one word of Streamlit's, beside {number:,} bookings", "s", times["floor"])
        yield Measure(
            f"filter of {number:,} bookings", "s", times["click"], at_most(filter_seconds)
        )


@contextmanager
def lake_of(folder: Path, number: int) -> Iterator[str]:
    """The address of a dashboard over so many bookings."""
    with ProcessStack(folder) as stack:
        stack.start_edge()
        for bucket in BUCKETS.values():
            stack.client("s3").create_bucket(Bucket=bucket)
        database = duckdb.connect()
        for name, layer, sql in (
            ("fact_bookings", "silver", FACT_BOOKINGS),
            ("gold_booking_metrics", "gold", METRICS),
            ("gold_cpb_by_channel", "gold", COSTS),
        ):
            values = {"number": number} if "$number" in sql else None
            database.execute(f"CREATE TABLE {name} AS {sql}", values)
            rows = database.sql(f"FROM {name}").to_arrow_table()
            options = storage_options(stack)
            write_deltalake(f"s3://{BUCKETS[layer]}/{name}", rows, storage_options=options)
        with dashboard_of(stack.url, folder) as url:
            yield url


@contextmanager
def chromium() -> Iterator[Any]:
    path = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if path is None:
        raise FileNotFoundError("Expected chromium or google-chrome on the PATH, found neither")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def one_word(folder: Path) -> Iterator[str]:
    """The address of a Streamlit page that says one word."""
    script = folder / "one_word.py"
    script.write_text("import streamlit as st\nst.metric('Bookings', '5')\n")
    with streamlit_of(script, {}, folder / "one_word.log") as url:
        yield url


def timed(browser: Any, url: str, floor_url: str) -> dict[str, list[float]]:
    """Seconds of each look and click; the first round warms up and is left out."""
    times: dict[str, list[float]] = {"look": [], "paint": [], "floor": [], "click": []}
    expect.set_options(timeout=120_000)
    for number in range(ROUNDS + 1):
        with looked_at(browser, floor_url) as (_, floor, _):
            pass
        with looked_at(browser, url) as (page, look, paint):
            clicked = click(page, page.locator(f".st-key-kpi_bookings {VALUE}"))
        if number:
            for name, seconds in zip(times, (look, paint, floor, clicked), strict=True):
                times[name].append(seconds)
    return times


@contextmanager
def looked_at(browser: Any, url: str) -> Iterator[tuple[Page, float, float]]:
    """A new page, the seconds until its first number shows, and until anything at all does."""
    page = browser.new_page(viewport={"width": 1440, "height": 1500})
    page.set_default_timeout(120_000)
    began = time.perf_counter()
    page.goto(url)
    page.locator(VALUE).first.wait_for()
    look = time.perf_counter() - began
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    yield page, look, paint / 1000
    page.close()


def click(page: Page, value: Any) -> float:
    """Seconds from a click on a channel to another number of bookings."""
    page.locator("table.leaderboard button[data-row=facebook]").wait_for()
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg.marks")).to_have_count(3)
    # The page is still: what is measured is the click.
    page.wait_for_timeout(1000)
    shown = value.inner_text()
    began = time.perf_counter()
    page.evaluate("document.querySelector('table.leaderboard button[data-row=facebook]').click()")
    page.wait_for_function(
        "shown => document.querySelector('.st-key-kpi_bookings [data-testid=stMetricValue]')"
        ".innerText !== shown",
        arg=shown,
    )
    return time.perf_counter() - began
