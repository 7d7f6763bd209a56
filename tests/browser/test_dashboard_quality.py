"""The page Quality: rejects with samples and cures, freshness, what the runs account for."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.lake_of_literals import BRONZE, SILVER, LiteralLake
from tests.browser.page_of_literals import choose, expect_rows


def test_rejects_are_counted_and_a_reason_leads_to_its_cure_and_masked_samples(
    page: Page, dashboard: str, filled: LiteralLake, picture: Callable[[str], None]
) -> None:
    body = {"data": {"payload": {"name": "Ana Silva", "email": "ana@example.com"}}}
    filled.s3.put_object(Bucket=BRONZE, Key="events/a", Body=json.dumps(body).encode())
    filled.deploy({"StartAt": "Gold", "States": {"Gold": {"Type": "Succeed"}}})
    filled.run()
    page.goto(f"{dashboard}/quality")
    rows = [
        ["invalid_timestamp", "events", "2"],
        ["missing_invitee_id", "events", "1"],
        ["negative_spend", "marketing", "1"],
        ["not a JSON object", "quarantine", "3"],
    ]
    expect_rows(page, "rejects", rows)
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg.marks")).to_have_count(1)
    expect(page.locator(".about")).to_contain_text("created_at or start_time is missing")
    expect(page.locator("table.accounts")).to_contain_text("It printed no account")

    choose(page, "Reason", "missing_invitee_id")
    expect(page.locator(".about")).to_contain_text("The payload has no URI")
    expect(page).to_have_url(f"{dashboard}/quality?reason=missing_invitee_id")
    page.get_by_text("events/a · run of r1").click()
    expect(page.get_by_test_id("stCode")).to_contain_text("A••• S•••")
    expect(page.get_by_test_id("stCode")).not_to_contain_text("ana@")
    picture("quality")


def test_freshness_says_that_a_delivery_waits_until_silver_has_read_it(
    page: Page, dashboard: str, lake: LiteralLake
) -> None:
    lake.make_buckets()
    page.goto(f"{dashboard}/quality")
    cards = page.locator(".freshness .fresh")
    expect(cards.nth(0)).to_contain_text("None has arrived")
    expect(page.get_by_text("No run has rejected anything.")).to_be_visible()
    expect(page.get_by_text("No run has ended yet").first).to_be_visible()
    lake.s3.put_object(Bucket=BRONZE, Key="events/event_date=2026-01-16/a.json", Body=b"{}")
    watermark = json.dumps({"watermark": "2020-01-01T00:00:00+00:00"}).encode()
    lake.s3.put_object(Bucket=SILVER, Key="_watermarks/silver-events.json", Body=watermark)
    expect(cards.nth(0)).to_contain_text("1 waits for the next run")
