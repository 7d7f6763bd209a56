"""What a person sees on the dashboard; every expected number is worked out by hand."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.page_of_literals import ANA, choose, choose_dates, expect_kpis, expect_rows


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


def test_an_employee_has_counted_bookings_and_a_dash_for_spend_and_cost(page, dashboard, filled):
    page.goto(dashboard)
    choose(page, "Member", ANA)
    expect_kpis(page, "3", "–", "–")
    rows = [
        ["facebook", "2", "–", "–", "1", "–"],
        ["youtube", "1", "–", "–", "2", "–"],
        ["others", "0", "–", "–", "3", "–"],
        ["tiktok", "0", "–", "–", "3", "–"],
    ]
    expect_rows(page, "attribution", rows)
    choose(page, "Member", "All members")
    expect_kpis(page, "5", "$142.50", "$28.50")


def test_a_selection_without_rows_says_so(page, dashboard, filled):
    page.goto(dashboard)
    choose_dates(page, 14, 14)
    choose(page, "Channels", "youtube")
    expect_kpis(page, "0", "$0.00", "–")
    expect(page.locator(".kpi-share .kpi-value")).to_have_text("–")
    expect(page.get_by_text("No bookings on these days.")).to_have_count(2)
    expect(page.get_by_text("No meetings on these days.")).to_have_count(1)
