"""`lake dashboard --profile`: every page over an account that only a profile names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import fill, running
from tests.browser.lake_of_literals import LiteralLake
from tests.browser.page_of_literals import expect_kpis
from tests.support.process_stack import LAKE
from tests.support.stack import free_port

ACCOUNT = "123456789012"


@pytest.fixture
def cloud(edge_url: str) -> Iterator[LiteralLake]:
    """An account of its own on the edge; the local stack's has nothing."""
    made = LiteralLake(edge_url, ACCOUNT)
    fill(made)
    made.deploy({"StartAt": "Gold", "States": {"Gold": {"Type": "Succeed"}}})
    made.run()
    yield made
    made.clear()


def test_each_page_shows_the_account_of_the_profile_and_nothing_of_the_shell_s_local_stack(
    page: Page, cloud: LiteralLake, edge_url: str, tmp_path: Path
) -> None:
    config, port = tmp_path / "config", free_port()
    config.write_text(
        f"[profile cloud]\nregion = us-east-1\nendpoint_url = {edge_url}\n"
        f"aws_access_key_id = {ACCOUNT}\naws_secret_access_key = test\n"
    )
    shell = {  # as the README has it for the local stack
        "AWS_ENDPOINT_URL": "http://localhost:1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": str(config),
    }
    command = [LAKE, "dashboard", "--profile", "cloud", "--prefix", "project6", "--port", str(port)]
    url, log = f"http://127.0.0.1:{port}", tmp_path / "log"

    with running(command, shell, log, f"{url}/_stcore/health"):
        page.goto(url)
        expect_kpis(page, "5", "$142.50", "$28.50")
        page.goto(f"{url}/pipeline")
        expect(page.locator(".flow-state.succeeded b")).to_have_text("Gold")
        page.goto(f"{url}/changes")
        expect(page.locator(".change-lines").first).to_contain_text("facebook added: bookings")
        expect(page.get_by_test_id("stException")).to_have_count(0)
        page.goto(f"{url}/quality")
        first = page.locator("table.rejects tbody tr").first.locator("td")
        expect(first).to_have_text(["invalid_timestamp", "events", "2"])
        expect(page.get_by_test_id("stException")).to_have_count(0)

    assert f"Account {ACCOUNT}, us-east-1, as arn:aws:iam::{ACCOUNT}:root" in log.read_text()
