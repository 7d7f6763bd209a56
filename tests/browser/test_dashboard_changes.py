"""The page Changes: two versions of gold in words, the deliveries behind them, their bodies."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pyarrow as pa
from playwright.sync_api import Page, expect

from tests.browser.lake_of_literals import BRONZE, GOLD, SILVER, LiteralLake

DAY = date(2026, 1, 16)
KEY = "events/event_date=2026-01-16/{}.json"


def gold(facebook: int, spend: float) -> pa.Table:
    cost = spend / facebook
    return pa.table(
        {
            "channel": ["facebook", "others"],
            "total_bookings_count": [facebook, 4],
            "total_spend": [spend, 0.0],
            "cpb": [cost, 0.0],
        }
    )


def bookings(*rows: tuple[str, str, str]) -> pa.Table:
    """(invitee, event, status), all of facebook."""
    return pa.table(
        {
            "invitee_id": [invitee for invitee, _, _ in rows],
            "booking_date": [DAY] * len(rows),
            "channel": ["facebook"] * len(rows),
            "event": [event for _, event, _ in rows],
            "status": [status for _, _, status in rows],
            "rescheduled": [False] * len(rows),
            "bronze_key": [KEY.format(invitee) for invitee, _, _ in rows],
        }
    )


def marketing(spend: float) -> pa.Table:
    return pa.table({"spend_date": [DAY], "channel": ["facebook"], "spend": [spend]})


def two_runs(lake: LiteralLake) -> None:
    lake.make_buckets()
    first = ("a", "invitee.created", "active"), ("b", "invitee.created", "active")
    lake.write_rows(SILVER, "fact_bookings", bookings(*first))
    lake.write_rows(SILVER, "fact_marketing", marketing(300.0))
    lake.write_rows(GOLD, "gold_cpb_by_channel", gold(2, 300.0))
    second = first[0], ("b", "invitee.canceled", "canceled"), ("c", "invitee.created", "active")
    lake.write_rows(SILVER, "fact_bookings", bookings(*second))
    lake.write_rows(SILVER, "fact_marketing", marketing(330.0))
    lake.write_rows(GOLD, "gold_cpb_by_channel", gold(3, 330.0))
    body = {"payload": {"name": "Ana Silva", "email": "ana@example.com", "uri": "x/c"}}
    lake.s3.put_object(Bucket=BRONZE, Key=KEY.format("c"), Body=json.dumps(body).encode())


def test_a_cost_s_change_leads_in_words_to_its_deliveries_spend_and_masked_body(
    page: Page, dashboard: str, lake: LiteralLake, picture: Callable[[str], None]
) -> None:
    two_runs(lake)
    page.goto(f"{dashboard}/changes")
    lines = page.locator(".change-lines")
    expect(lines.nth(0)).to_have_text(
        "facebook: 150.00 -> 110.00 per booking; bookings +1, spend +30.00"
    )
    expect(lines.nth(1)).to_have_text(
        "facebook: 2 deliveries: 1 new booking, 1 canceled; 1 more booking."
        " Spend +30.00 USD on 1 day."
    )
    spend = page.locator("table.spend tbody tr td")
    expect(spend).to_have_text(["2026-01-16", "facebook", "$300.00", "$330.00", "+30.00"])
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()

    page.goto(f"{dashboard}/changes?channel=facebook&delivery={KEY.format('c')}")
    code = page.get_by_test_id("stCode")
    expect(code).to_contain_text("A••• S•••")
    expect(code).not_to_contain_text("ana@")
    link = page.get_by_role("link", name="Its booking, with all deliveries")
    expect(link).to_have_attribute("href", "./?booking=c")
    picture("changes")

    page.goto(f"{dashboard}/changes?before=none&after=0&table=nothing")
    expect(lines.nth(0)).to_contain_text("facebook added: bookings 2, spend 300.00")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_table_that_is_not_there_yet_says_what_to_do(
    page: Page, dashboard: str, lake: LiteralLake
) -> None:
    lake.make_buckets()
    page.goto(f"{dashboard}/changes")
    expect(page.locator(".empty h2")).to_have_text("No tables yet")
    two_runs(lake)
    expect(page.locator(".change-lines").nth(0)).to_contain_text("150.00 -> 110.00")
