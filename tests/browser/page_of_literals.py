"""Literal rows, and how a test reads and uses the page that shows them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from playwright.sync_api import Page, expect

WED, THU = date(2026, 1, 14), date(2026, 1, 15)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


# 14 January: facebook 3 bookings for 90.00. 15 January: youtube 1 for 40.00, others 1 for nothing,
# tiktok 12.50 for nothing. Together 5 bookings, 142.50, 28.50 each.
METRICS = [
    (WED, "facebook", at(WED, 9), 3, 2, 60.0, 30.0),
    (WED, "facebook", at(WED, 15), 3, 1, 30.0, 30.0),
    (THU, "youtube", at(THU, 9), 3, 1, 40.0, 40.0),
    (THU, "others", at(THU, 23), 3, 1, 0.0, 0.0),
    (THU, "tiktok", None, 3, 0, 12.5, 0.0),
]
COSTS = [
    ("facebook", 3, 90.0, 30.0),
    ("youtube", 1, 40.0, 40.0),
    ("others", 1, 0.0, 0.0),
    ("tiktok", 0, 12.5, 0.0),
]
ANA, BEN = "ana@example.com", "ben@example.com"
CREATED = "invitee.created"
BOOKINGS = [
    (*row, event, at(WED, 8), f"events/event_date=2026-01-14/{row[1]}.json")
    for row, event in (
        ((WED, "i1", WED, "facebook", ANA, at(WED, 9), ["A"], "e1", "active", False), CREATED),
        (
            (WED, "i2", WED, "facebook", ANA, at(WED, 9, 30), ["A"], "e2", "canceled", False),
            "invitee.canceled",
        ),
        ((WED, "i3", WED, "facebook", BEN, at(WED, 15), ["B"], "e3", "active", False), CREATED),
        (
            (WED, "i4", THU, "youtube", ANA, at(THU, 9), ["A", "B"], "e4", "no_show", False),
            "invitee_no_show.created",
        ),
        ((WED, "i5", THU, "others", BEN, at(THU, 23), ["B"], "e5", "active", False), CREATED),
        (
            (WED, "i6", THU, "others", ANA, at(THU, 22), ["A"], "e6", "canceled", True),
            "invitee.canceled",
        ),
    )
]
MEMBERS = [("https://api.calendly.com/users/A", "Ana Silva"), ("https://x/users/B/", "Ben Ode")]
MASKED_ANA, MASKED_BEN = "A••• S•••", "B••• O•••"


def webhook(invitee: str, event: str, created_at: str) -> dict[str, Any]:
    """An object of bronze: a delivery about the invitee, whose name is Eva Lind."""
    payload = {
        "uri": f"https://api.calendly.com/scheduled_events/e/invitees/{invitee}",
        "created_at": "2026-01-14T07:59:00Z",
        "name": "Eva Lind",
        "email": "eva@example.com",
    }
    envelope = {"event": event, "created_at": created_at, "payload": payload}
    return {"ingestion_time": "2026-01-14T09:00:00.000000", "data": envelope}


def expect_cards(page: Page, **texts: str) -> None:
    """The values of the cards of these keys."""
    for card, text in texts.items():
        expect(page.locator(f".st-key-kpi_{card} [data-testid=stMetricValue]")).to_have_text(text)


def expect_kpis(page: Page, bookings: str, spend: str, cost: str) -> None:
    expect_cards(page, bookings=bookings, spend=spend, cost=cost)


def expect_rows(page: Page, table: str, rows: list[list[str]]) -> None:
    expect(page.locator(f"table.{table} tbody tr")).to_have_count(len(rows))
    for number, cells in enumerate(rows):
        row = page.locator(f"table.{table} tbody tr").nth(number)
        expect(row.locator("td")).to_have_text(cells)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def choose_dates(page: Page, first: int, last: int) -> None:
    page.get_by_test_id("stDateInput").locator("input, [role=group]").first.click()
    page.locator(f'[role="gridcell"]:has-text("{first}")').first.click()
    expect(page.get_by_text("One more date")).to_be_visible()
    page.locator(f'[role="gridcell"]:has-text("{last}")').first.click()
    expect(page.get_by_text("One more date")).to_have_count(0)
