"""What a person sees on the dashboard; every expected number is worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import dashboard_of
from tests.support.stack import free_port

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
BOOKINGS = [
    (WED, "i1", WED, "facebook", ANA, at(WED, 9), ["A"], "e1", "active", False),
    (WED, "i2", WED, "facebook", ANA, at(WED, 9, 30), ["A"], "e2", "canceled", False),
    (WED, "i3", WED, "facebook", BEN, at(WED, 15), ["B"], "e3", "active", False),
    (WED, "i4", THU, "youtube", ANA, at(THU, 9), ["A", "B"], "e4", "no_show", False),
    (WED, "i5", THU, "others", BEN, at(THU, 23), ["B"], "e5", "active", False),
    (WED, "i6", THU, "others", ANA, at(THU, 22), ["A"], "e6", "canceled", True),
]


@pytest.fixture
def filled(lake):
    lake.make_buckets()
    lake.write("gold_booking_metrics", METRICS)
    lake.write("gold_cpb_by_channel", COSTS)
    lake.write("fact_bookings", BOOKINGS)
    lake.write(
        "rejected_events",
        [
            ("events/a", ["missing_invitee_id", "invalid_timestamp"], "{}", "r1"),
            ("events/b", ["invalid_timestamp"], "{}", "r1"),
        ],
    )
    lake.write("rejected_marketing", [("marketing/a", 1, ["negative_spend"], "{}", "r1")])
    lake.quarantine("one", "two", "three")
    return lake


def expect_kpis(page: Page, bookings: str, spend: str, cost: str) -> None:
    expect(page.locator(".kpi-bookings .kpi-value")).to_have_text(bookings)
    expect(page.locator(".kpi-spend .kpi-value")).to_have_text(spend)
    expect(page.locator(".kpi-cost .kpi-value")).to_have_text(cost)


def expect_rows(page: Page, table: str, rows: list[list[str]]) -> None:
    expect(page.locator(f"table.{table} tbody tr")).to_have_count(len(rows))
    for number, cells in enumerate(rows):
        row = page.locator(f"table.{table} tbody tr").nth(number)
        expect(row.locator("td")).to_have_text(cells)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_cards_and_tables_show_all_days_and_channels(page, dashboard, filled):
    page.goto(dashboard)
    expect_kpis(page, "5", "$142.50", "$28.50")
    expect(page.locator(".share-legend > span")).to_have_text(
        ["facebook 60.0%", "others 20.0%", "youtube 20.0%", "tiktok 0.0%"]
    )
    rows = [
        ["facebook", "3", "$90.00", "$30.00", "1", "2"],
        ["others", "1", "$0.00", "$0.00", "2", "1"],
        ["youtube", "1", "$40.00", "$40.00", "2", "3"],
        ["tiktok", "0", "$12.50", "–", "3", "–"],
    ]
    expect_rows(page, "attribution", rows)
    expect(page.locator(".notice")).to_have_text("Spend without bookings: tiktok $12.50")
    expect(page.locator(".as-of")).to_contain_text("Data as of")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_every_chart_is_drawn(page, dashboard, filled):
    page.goto(dashboard)
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(4)
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg.marks")).to_have_count(4)


def test_rejects_are_counted_by_reason_and_quarantine_by_listing(page, dashboard, filled):
    page.goto(dashboard)
    rows = [
        ["invalid_timestamp", "events", "2"],
        ["missing_invitee_id", "events", "1"],
        ["negative_spend", "marketing", "1"],
        ["not a JSON object", "quarantine", "3"],
    ]
    expect_rows(page, "rejects", rows)


def test_a_chosen_channel_changes_the_numbers(page, dashboard, filled):
    page.goto(dashboard)
    choose(page, "Channels", "youtube")
    expect_kpis(page, "1", "$40.00", "$40.00")
    expect_rows(page, "attribution", [["youtube", "1", "$40.00", "$40.00", "1", "1"]])
    expect(page.locator(".notice")).to_have_count(0)


def test_a_channel_with_spend_only_has_a_dash_for_its_cost(page, dashboard, filled):
    page.goto(dashboard)
    choose(page, "Channels", "tiktok")
    expect_kpis(page, "0", "$12.50", "–")
    expect(page.locator(".notice")).to_have_text("Spend without bookings: tiktok $12.50")


def test_chosen_dates_change_the_numbers(page, dashboard, filled):
    page.goto(dashboard)
    choose_dates(page, 14, 14)
    expect_kpis(page, "3", "$90.00", "$30.00")
    choose_dates(page, 15, 15)
    expect_kpis(page, "2", "$52.50", "$26.25")


def choose_dates(page: Page, first: int, last: int) -> None:
    page.get_by_test_id("stDateInput").locator("input, [role=group]").first.click()
    for day in (first, last):
        page.locator(f'[role="gridcell"]:has-text("{day}")').first.click()


def test_an_employee_has_counted_bookings_and_a_dash_for_spend_and_cost(page, dashboard, filled):
    page.goto(dashboard)
    choose(page, "Employee", ANA)
    expect_kpis(page, "3", "–", "–")
    rows = [
        ["facebook", "2", "–", "–", "1", "–"],
        ["youtube", "1", "–", "–", "2", "–"],
        ["others", "0", "–", "–", "3", "–"],
        ["tiktok", "0", "–", "–", "3", "–"],
    ]
    expect_rows(page, "attribution", rows)
    choose(page, "Employee", "All employees")
    expect_kpis(page, "5", "$142.50", "$28.50")


def test_new_commits_show_on_the_next_look(page, dashboard, filled):
    page.goto(dashboard)
    expect_kpis(page, "5", "$142.50", "$28.50")
    filled.write("gold_booking_metrics", METRICS[:2])
    page.reload()
    expect_kpis(page, "3", "$90.00", "$30.00")


def test_an_open_page_follows_new_commits_by_itself(page, dashboard, filled):
    filled.deploy({"StartAt": "Nothing", "States": {"Nothing": {"Type": "Succeed"}}})
    page.goto(dashboard)
    expect_kpis(page, "5", "$142.50", "$28.50")
    filled.write("gold_booking_metrics", METRICS[:2])
    expect_kpis(page, "3", "$90.00", "$30.00")


def test_the_button_runs_the_state_machine_and_shows_the_data_it_leaves(page, dashboard, filled):
    states = {
        "Bronze": {"Type": "Wait", "Seconds": 3, "Next": "Gold"},
        "Gold": {"Type": "Succeed"},
    }
    filled.deploy({"StartAt": "Bronze", "States": states})
    page.goto(dashboard)
    button = page.get_by_role("button", name="Trigger Glue Job")
    button.click()
    expect(page.locator("ul.states li.running .state")).to_have_text("Bronze")
    expect(button).to_be_disabled()
    filled.write("gold_booking_metrics", METRICS[:2])
    expect(page.locator("ul.states li.succeeded .state")).to_have_text(["Bronze", "Gold"])
    expect(button).to_be_enabled()
    expect_kpis(page, "3", "$90.00", "$30.00")


def test_a_failed_state_shows_its_cause_and_the_states_that_never_ran(page, dashboard, filled):
    missing = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
        "Parameters": {"Bucket": "project6-gold-bucket", "Key": "nothing"},
        "Next": "Gold",
    }
    filled.deploy({"StartAt": "Silver", "States": {"Silver": missing, "Gold": {"Type": "Succeed"}}})
    page.goto(dashboard)
    page.get_by_role("button", name="Trigger Glue Job").click()
    expect(page.locator("ul.states li.failed .state")).to_have_text("Silver")
    expect(page.locator("ul.states li.skipped .state")).to_have_text("Gold")
    expect(page.locator(".cause")).to_contain_text("The specified key does not exist")


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


def test_a_selection_without_rows_says_so(page, dashboard, filled):
    page.goto(dashboard)
    choose_dates(page, 14, 14)
    choose(page, "Channels", "youtube")
    expect_kpis(page, "0", "$0.00", "–")
    expect(page.locator(".kpi-share .kpi-value")).to_have_text("–")
    expect(page.get_by_text("No bookings on these days.")).to_have_count(2)
    expect(page.get_by_text("No meetings on these days.")).to_have_count(1)


def test_an_employee_who_is_gone_is_no_longer_chosen(page, dashboard, filled):
    filled.deploy({"StartAt": "Nothing", "States": {"Nothing": {"Type": "Succeed"}}})
    page.goto(dashboard)
    choose(page, "Employee", BEN)
    expect_kpis(page, "2", "–", "–")
    filled.write("fact_bookings", [row for row in BOOKINGS if row[4] == ANA])
    expect_kpis(page, "5", "$142.50", "$28.50")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_empty_tables_say_so_and_still_count_quarantine(page, dashboard, lake):
    lake.make_buckets()
    for table in ("gold_booking_metrics", "gold_cpb_by_channel", "fact_bookings"):
        lake.write(table, [])
    lake.quarantine("one")
    page.goto(dashboard)
    expect(page.locator(".empty h2")).to_have_text("The tables are empty")
    expect_rows(page, "rejects", [["not a JSON object", "quarantine", "1"]])
