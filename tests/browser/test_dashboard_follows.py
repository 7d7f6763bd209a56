"""The dashboard follows new data, runs of the state machine, and a stack that is not there yet."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import dashboard_of
from tests.browser.page_of_literals import (
    BOOKINGS,
    MASKED_BEN,
    METRICS,
    choose,
    expect_kpis,
    expect_rows,
)
from tests.support.stack import free_port


def test_new_commits_show_on_the_next_look(page, dashboard, filled):
    page.goto(dashboard)
    expect_kpis(page, "5", "$142.50", "$28.50")
    filled.write("gold_booking_metrics", METRICS[:2])
    page.reload()
    expect_kpis(page, "3", "$90.00", "$30.00")


def test_an_open_page_follows_new_commits_by_itself_and_loses_no_click_meanwhile(
    page, dashboard, filled
):
    """A click as the version arrives, one as the page finds it, one while it is drawn anew."""
    page.goto(dashboard)
    expect_kpis(page, "5", "$142.50", "$28.50")
    metrics = list(METRICS)
    for channel, milliseconds, seen in (
        ("facebook", 0, ("3", "$91.00", "$30.33")),
        ("youtube", 2500, ("4", "$132.00", "$33.00")),
        ("tiktok", 4200, ("4", "$145.50", "$36.38")),
    ):
        metrics[0] = (*metrics[0][:5], metrics[0][5] + 1.0, metrics[0][6])
        filled.write("gold_booking_metrics", metrics)
        page.wait_for_timeout(milliseconds)
        choose(page, "Channels", channel)
        page.keyboard.press("Escape")
        expect_kpis(page, *seen)
        page.wait_for_url(re.compile(f"channel={channel}"))
    filled.write("gold_booking_metrics", METRICS[:2])
    expect_kpis(page, "3", "$90.00", "$30.00")


def test_no_answer_says_how_to_start_the_stack(page, tmp_path):
    with dashboard_of(f"http://127.0.0.1:{free_port()}", tmp_path) as url:
        page.goto(url)
        expect(page.locator(".empty h2")).to_have_text("The stack is not running")
        expect(page.locator(".empty pre")).to_have_text("make up")


def test_an_open_page_says_what_is_missing_next_and_follows_by_itself(page, dashboard, lake):
    page.goto(dashboard)
    expect(page.locator(".empty h2")).to_have_text("Nothing is deployed yet")
    expect(page.locator(".empty pre")).to_have_text("make deploy")
    lake.make_buckets()
    expect(page.locator(".empty h2")).to_have_text("No tables yet")
    expect(page.locator(".empty pre")).to_contain_text("make replay")
    log = "gold_booking_metrics/_delta_log/00000000000000000000.json"
    lake.s3.put_object(Bucket="project6-gold-bucket", Key=log, Body=b"no JSON")
    expect(page.locator(".empty h2")).to_have_text("A table cannot be read")
    expect(page.locator(".empty p")).to_contain_text("gold_booking_metrics is there but cannot")
    expect(page.locator(".empty pre")).to_have_text("lake logs emr")


def test_an_employee_who_is_gone_is_no_longer_chosen(page, dashboard, filled):
    filled.deploy({"StartAt": "Nothing", "States": {"Nothing": {"Type": "Succeed"}}})
    page.goto(dashboard)
    choose(page, "Member", MASKED_BEN)
    expect_kpis(page, "3", "–", "–")
    filled.write("fact_bookings", [row for row in BOOKINGS if row[6] == ["A"]])
    expect_kpis(page, "5", "$142.50", "$28.50")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_empty_tables_say_so_and_still_count_quarantine(page, dashboard, lake):
    lake.make_buckets()
    for table in ("gold_booking_metrics", "gold_cpb_by_channel", "fact_bookings"):
        lake.write(table, [])
    lake.quarantine("one")
    page.goto(dashboard)
    expect(page.locator(".empty h2")).to_have_text("The tables are empty")
    expect(page.get_by_text("There is no fact_events yet, so members are shown")).to_be_visible()
    page.goto(f"{dashboard}/quality")
    expect_rows(page, "rejects", [["not a JSON object", "quarantine", "1"]])
