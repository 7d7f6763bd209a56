"""The page Pipeline: a run started, joined, followed, chosen, read; and its report."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PICTURES
from tests.browser.lake_of_literals import LiteralLake

# No such object: the call fails, and what comes after it never runs.
MISSING = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
    "Parameters": {"Bucket": "project6-gold-bucket", "Key": "nothing"},
    "Next": "Gold",
}
GOLD = {"Type": "Succeed"}


def names(page: Page, status: str):
    return page.locator(f".flow-state.{status} b")


def test_a_run_is_started_joined_by_a_second_press_and_turns_green_by_itself(
    page: Page, dashboard: str, filled: LiteralLake, picture: Callable[[str], None]
) -> None:
    bronze = filled.activity("bronze")  # goes on until the test ends it
    branches = [{"StartAt": n, "States": {n: {"Type": "Pass", "End": True}}} for n in ("Ev", "Ma")]
    states = {
        "Bronze": {"Type": "Task", "Resource": bronze.arn, "Next": "Silver"},
        "Silver": {"Type": "Parallel", "Branches": branches, "Next": "Gold"},
        "Gold": GOLD,
    }
    filled.deploy({"StartAt": "Bronze", "States": states})
    page.goto(f"{dashboard}/pipeline")
    expect(page.locator(".empty h2")).to_have_text("Not run yet")
    button = page.get_by_role("button", name="Trigger Glue Job")
    button.click()
    expect(names(page, "running")).to_have_text("Bronze")
    expect(names(page, "waiting")).to_have_text(["Ev", "Ma", "Gold"])
    button.click()
    expect(page.get_by_text("Joined the run that goes on")).to_be_visible()
    bronze.succeed()
    expect(names(page, "succeeded")).to_have_text(["Bronze", "Ev", "Ma", "Gold"])
    expect(page.locator(".flow-box.succeeded .flow-title")).to_contain_text("Silver")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 1900})
    expect(names(page, "succeeded")).to_have_text(["Bronze", "Ev", "Ma", "Gold"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture("pipeline-phone-dark")
    assert len(filled.executions()) == 1
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_failed_run_shows_its_cause_an_older_one_is_a_choice_away_and_each_has_a_report(
    page: Page, dashboard: str, filled: LiteralLake, picture: Callable[[str], None]
) -> None:
    filled.deploy({"StartAt": "Silver", "States": {"Silver": MISSING, "Gold": GOLD}})
    failed = filled.run()
    page.goto(f"{dashboard}/pipeline")
    expect(names(page, "failed")).to_have_text("Silver")
    expect(names(page, "skipped")).to_have_text("Gold")
    expect(page.locator(".cause")).to_contain_text("Failed in Silver")
    expect(page.locator(".cause")).to_contain_text("The specified key does not exist")
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg.marks")).to_have_count(1)
    picture("pipeline-failed")

    filled.s3.put_object(Bucket="project6-gold-bucket", Key="nothing", Body=b"{}")
    filled.run()
    page.reload()
    expect(names(page, "succeeded")).to_have_text(["Silver", "Gold"])
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option", name=re.compile("failed")).click()
    expect(names(page, "failed")).to_have_text("Silver")
    expect(page).to_have_url(f"{dashboard}/pipeline?execution={failed}")
    page.reload()
    expect(names(page, "failed")).to_have_text("Silver")

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Run report").click()
    report = opened.value
    expect(report.locator(".failure h2")).to_have_text("It failed in Silver")
    expect(report.locator(".flow-state.failed b")).to_have_text("Silver")
    report.screenshot(path=PICTURES / "run-report.png", full_page=True)
    report.close()
    page.go_back()
    expect(names(page, "succeeded")).to_have_text(["Silver", "Gold"])


def test_a_run_that_is_not_there_falls_back_on_the_page_and_is_refused_as_a_report(
    page: Page, dashboard: str, filled: LiteralLake
) -> None:
    filled.deploy({"StartAt": "Gold", "States": {"Gold": GOLD}})
    filled.run()
    page.goto(f"{dashboard}/pipeline?execution=gone&log=none&stream=none")
    expect(names(page, "succeeded")).to_have_text("Gold")
    expect(page.get_by_text("Jobs and functions print a log")).to_be_visible()
    answer = page.request.get(f"{dashboard}/reports/gone")
    assert (answer.status, answer.text()) == (
        404,
        "There is no run gone: look at the page Pipeline.\n",
    )
