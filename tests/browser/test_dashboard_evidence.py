"""From a number on the overview to its bookings, their deliveries, and the webhook's body."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.page_of_literals import MASKED_ANA, expect_kpis, expect_rows, webhook

FIRST = "events/event_date=2026-01-14/first.json"


def test_a_member_s_meetings_lead_to_the_webhook_of_one_step_by_step_and_back(
    page, dashboard, filled, picture
):
    filled.put(FIRST, webhook("i1", "invitee.created", "2026-01-14T07:59:00Z"))
    newest = "events/event_date=2026-01-14/i1.json"
    filled.put(newest, webhook("i1", "invitee.created", "2026-01-14T08:00:00Z"))
    filled.put("events/event_date=2026-01-14/other.json", webhook("i9", "invitee.created", ""))
    page.goto(dashboard)

    page.locator("table.members button[data-row=A]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Bookings of meetings: {MASKED_ANA}")
    expect_rows(
        page,
        "bookings",
        [
            ["i1", "14 Jan 2026, 09:00", "facebook", "active", MASKED_ANA],
            ["i4", "15 Jan 2026, 09:00", "youtube", "no-show", f"{MASKED_ANA}, B••• O•••"],
        ],
    )
    picture("bookings-of-a-cell")
    dialog.locator("button[data-row=i1]").click()
    deliveries = dialog.get_by_test_id("stExpander")
    expect(deliveries).to_have_count(2)
    expect(deliveries.nth(0)).to_contain_text("winner invitee.created")
    expect(deliveries.nth(1)).to_contain_text("superseded invitee.created")
    deliveries.nth(1).locator("summary").click()
    expect(deliveries.nth(1)).to_contain_text(FIRST)
    expect(deliveries.nth(1).locator("code")).to_contain_text('"name": "E••• L•••"')
    expect(dialog).not_to_contain_text("eva@example.com")
    picture("deliveries-of-a-booking")
    dialog.get_by_text("Show names").click()
    expect(deliveries.nth(1).locator("code")).to_contain_text('"email": "eva@example.com"')
    expect(dialog).to_contain_text("Ana Silva")

    page.go_back()
    expect(page.locator("table.bookings tbody tr")).to_have_count(2)
    page.go_back()
    expect(dialog).to_have_count(0)
    expect_kpis(page, "5", "$142.50", "$28.50")


def test_a_click_on_a_bar_lists_the_bookings_of_its_day_and_channel_again_and_again(
    page, dashboard, filled
):
    page.goto(dashboard)
    for _ in range(2):
        page.locator('.st-key-daily_panel path[aria-label*="facebook"]').click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Bookings: facebook, 2026-01-14")
        expect(page.locator("table.bookings tbody tr")).to_have_count(3)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    page.wait_for_url(lambda url: "cell" not in url)


def test_an_hour_of_the_heat_map_is_reached_by_keyboard_and_lists_its_bookings(
    page, dashboard, filled
):
    page.goto(dashboard)
    grid = page.get_by_role("grid", name="Heat map of bookings")
    grid.get_by_role("button", name="Mon 00:00 UTC: 0 bookings").focus()
    for key in ("ArrowUp", "ArrowDown", "ArrowDown", *["ArrowRight"] * 9):
        page.keyboard.press(key)
    expect(grid.locator("button:focus")).to_have_attribute("title", "Wed 09:00 UTC: 2 bookings")
    expect(grid.locator("button[tabindex='0']")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Bookings: Wed, 09:00–09:59 UTC")
    expect_rows(
        page,
        "bookings",
        [
            ["i1", "14 Jan 2026, 09:00", "facebook", "active", MASKED_ANA],
            ["i2", "14 Jan 2026, 09:30", "facebook", "canceled", MASKED_ANA],
        ],
    )


def test_a_card_lists_its_bookings_and_a_link_opens_a_booking(page, dashboard, filled):
    page.goto(dashboard)
    page.locator(".st-key-card_canceled_data button").first.click()
    page.get_by_role("button", name="List the bookings").click()
    expect_rows(
        page, "bookings", [["i2", "14 Jan 2026, 09:30", "facebook", "canceled", MASKED_ANA]]
    )
    page.goto(f"{dashboard}?booking=i2")
    expect(page.get_by_role("dialog")).to_contain_text("Bronze holds none of them any more.")
    page.goto(f"{dashboard}?booking=nobody")
    expect(page.get_by_role("dialog")).to_contain_text("Silver has no booking nobody")
