"""What a person sees and does on the overview; every expected number is worked out by hand."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.page_of_literals import (
    MASKED_ANA,
    MASKED_BEN,
    choose,
    choose_dates,
    expect_cards,
    expect_kpis,
    expect_rows,
)

NUMBER_OF_CHARTS = 3


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def channel(page: Page, name: str):
    return page.locator(f"table.leaderboard button[data-row={name}]")


def test_cards_channels_members_and_charts_show_all_days(page, dashboard, filled, picture):
    page.goto(dashboard)
    expect_kpis(page, "5", "$142.50", "$28.50")
    expect_cards(page, canceled="1 20.0%", no_show="1 20.0%")
    rows = [
        ["facebook", "3", "60.0%", "–", "$90.00", "$30.00", "$175.00"],
        ["others", "1", "20.0%", "–", "$0.00", "$0.00", "–"],
        ["youtube", "1", "20.0%", "–", "$40.00", "$40.00", "$600.00"],
        ["tiktok", "0", "0.0%", "–", "$12.50", "–", "$1,000.00"],
    ]
    expect_rows(page, "leaderboard", rows)
    expect_rows(page, "members", [[MASKED_BEN, "3"], [MASKED_ANA, "2"]])
    expect(page.locator(".notice")).to_have_text("Spend without bookings: tiktok $12.50")
    expect(page.locator(".as-of")).to_contain_text("Data as of")
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts.locator("canvas, svg.marks")).to_have_count(NUMBER_OF_CHARTS)
    expect(page.locator(".st-key-cards img.sparkline")).to_have_count(5)
    told = "Bars of the bookings of each day, 14–15 Jan 2026; the most, 3, on 14 Jan 2026."
    expect(page.locator(f'[aria-label*="{told}"], [alt*="{told}"]').first).to_be_attached()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    picture("overview")


def test_each_control_is_in_the_url_which_back_forward_and_reload_restore(page, dashboard, filled):
    page.goto(dashboard)
    expect_kpis(page, "5", "$142.50", "$28.50")
    channel(page, "youtube").click()
    expect_kpis(page, "1", "$40.00", "$40.00")
    expect_rows(
        page, "leaderboard", [["youtube", "1", "100.0%", "–", "$40.00", "$40.00", "$600.00"]]
    )
    assert query(page) == {"channel": ["youtube"]}
    choose(page, "Channels", "facebook")
    expect_kpis(page, "4", "$130.00", "$32.50")
    assert query(page) == {"channel": ["youtube", "facebook"]}
    choose_dates(page, 15, 15)
    expect_kpis(page, "1", "$40.00", "$40.00")
    assert (query(page)["from"], query(page)["to"]) == (["2026-01-15"], ["2026-01-15"])
    choose(page, "Member", MASKED_BEN)
    expect_kpis(page, "1", "–", "–")
    assert query(page)["member"] == ["B"]

    page.reload()
    expect_kpis(page, "1", "–", "–")
    page.go_back()
    expect_kpis(page, "1", "$40.00", "$40.00")
    page.go_back()
    expect_kpis(page, "4", "$130.00", "$32.50")
    expect(page.get_by_test_id("stMultiSelect")).to_contain_text("facebook")
    page.go_forward()
    expect_kpis(page, "1", "$40.00", "$40.00")
    page.get_by_text("All days", exact=True).click()
    expect_kpis(page, "4", "$130.00", "$32.50")
    page.get_by_text("7 days", exact=True).click()
    expect(page.get_by_test_id("stDateInput")).to_be_visible()
    page.wait_for_url(re.compile("period=7d"))


def test_a_day_is_compared_with_the_one_before(page, dashboard, filled):
    page.goto(f"{dashboard}?from=2026-01-15&to=2026-01-15")
    expect_kpis(page, "2", "$52.50", "$26.25")
    deltas = page.get_by_test_id("stMetricDelta")
    expect(deltas.nth(0)).to_contain_text("-33.3%")
    expect(page.locator(".st-key-kpi_bookings")).to_contain_text("vs 14 Jan 2026")
    expect(deltas.nth(1)).to_contain_text("-41.7%")
    rows = page.locator("table.leaderboard tbody tr")
    expect(rows.filter(has_text="facebook").locator("td").nth(3)).to_have_text("−100.0%")


def test_unknown_values_of_the_url_are_all_days_channels_and_members(page, dashboard, filled):
    unknown = "period=year&from=x&to=2020-01-01&channel=radio&member=Z&cell=nothing,at:all"
    page.goto(f"{dashboard}?{unknown}")
    expect_kpis(page, "5", "$142.50", "$28.50")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_selection_without_rows_says_so(page, dashboard, filled):
    page.goto(f"{dashboard}?to=2026-01-14&channel=youtube")
    expect_kpis(page, "0", "$0.00", "–")
    expect(page.get_by_text("No bookings on these days.")).to_have_count(2)
    expect(page.get_by_text("No meetings on these days.")).to_have_count(1)
    expect(page.get_by_text("No spend on these days.")).to_have_count(1)


def test_a_panel_shows_its_sql_and_gives_its_rows_as_files(page, dashboard, filled):
    page.goto(dashboard)
    page.locator(".st-key-daily_data button").first.click()
    menu = page.get_by_test_id("stPopoverBody")
    expect(menu.locator("pre code")).to_contain_text("FROM gold_booking_metrics")
    expect(menu.locator("pre code")).to_contain_text("DATE '2026-01-14'")
    with page.expect_download() as started:
        menu.get_by_role("button", name="CSV").click()
    assert started.value.suggested_filename == "daily.csv"
    assert started.value.path().read_text().splitlines() == [
        '"booking_date","channel","bookings","spend"',
        '2026-01-14,"facebook",3,90',
        '2026-01-15,"others",1,0',
        '2026-01-15,"tiktok",0,12.5',
        '2026-01-15,"youtube",1,40',
    ]
    with page.expect_download() as started:
        menu.get_by_role("button", name="Parquet").click()
    assert started.value.path().read_bytes()[:4] == b"PAR1"


def test_a_narrow_dark_page_is_read_and_used_by_keyboard_and_overflows_nowhere(
    page, dashboard, filled, picture
):
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(dashboard)
    expect_kpis(page, "5", "$142.50", "$28.50")
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) <= 390
    background = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    assert page.evaluate(background) == "rgb(18, 22, 30)"
    picture("overview-phone-dark")
    channel(page, "facebook").focus()
    page.keyboard.press("Enter")
    expect_kpis(page, "3", "$90.00", "$30.00")
    expect(channel(page, "facebook")).to_have_attribute("aria-pressed", "true")
