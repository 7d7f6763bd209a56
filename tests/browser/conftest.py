"""The dashboard in headless Chromium, over an edge whose tables each test writes itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect, sync_playwright

from lake.settings import known
from tests.browser.lake_of_literals import LiteralLake
from tests.browser.page_of_literals import BOOKINGS, COSTS, MEMBERS, METRICS
from tests.support.ending import end
from tests.support.stack import free_port

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / ".lake" / "pictures"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What an attacker's name server would answer, and a public one does.
    "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP localhost.localstack.cloud 127.0.0.1",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        pytest.skip("there is no chromium, chromium-browser or google-chrome on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1440, "height": 1500})
    opened.set_default_timeout(45_000)
    # Longer than the ten seconds after which an idle page looks for new data.
    expect.set_options(timeout=45_000)
    yield opened
    opened.close()


@pytest.fixture
def picture(page: Page) -> Callable[[str], None]:
    """Keeps what the page looks like, for a person: CI shows the folder's files."""
    PICTURES.mkdir(parents=True, exist_ok=True)

    def taken(name: str) -> None:
        page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    return taken


@pytest.fixture(scope="package")
def edge_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("edge")
    url = f"http://127.0.0.1:{free_port()}"
    variables = {
        **known(ROOT / "services" / "edge" / "edge.env"),
        "GATEWAY_LISTEN": url.removeprefix("http://"),
        "LAKE_DIR": str(folder),
        "TMPDIR": str(folder),
    }
    command = [sys.executable, "-m", "localstack.runtime.main"]
    with running(command, variables, folder / "edge.log", f"{url}/_localstack/health"):
        yield url


@pytest.fixture(scope="package")
def dashboard(edge_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with dashboard_of(edge_url, tmp_path_factory.mktemp("dashboard")) as url:
        yield url


@pytest.fixture
def lake(edge_url: str) -> Iterator[LiteralLake]:
    made = LiteralLake(edge_url)
    yield made
    made.clear()


@pytest.fixture
def filled(lake: LiteralLake) -> LiteralLake:
    fill(lake)
    return lake


def fill(lake: LiteralLake) -> None:
    lake.make_buckets()
    lake.write("gold_booking_metrics", METRICS)
    lake.write("gold_cpb_by_channel", COSTS)
    lake.write("fact_bookings", BOOKINGS)
    lake.write("fact_events", MEMBERS)
    lake.write(
        "rejected_events",
        [
            ("events/a", ["missing_invitee_id", "invalid_timestamp"], "{}", "r1"),
            ("events/b", ["invalid_timestamp"], "{}", "r1"),
        ],
    )
    lake.write("rejected_marketing", [("marketing/a", 1, ["negative_spend"], "{}", "r1")])
    lake.quarantine("one", "two", "three")


@contextmanager
def dashboard_of(endpoint_url: str, folder: Path) -> Iterator[str]:
    variables = {"AWS_ENDPOINT_URL": endpoint_url, "TZ": "America/New_York"}
    with streamlit_of(Path("dashboard/serve.py"), variables, folder / "dashboard.log") as url:
        yield url


@contextmanager
def streamlit_of(script: Path, variables: dict[str, str], log: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    url = f"http://127.0.0.1:{port}"
    with running(command, variables, log, f"{url}/_stcore/health"):
        yield url


@contextmanager
def running(
    command: list[str], variables: dict[str, str], log: Path, health_url: str
) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **variables}, stdout=output, stderr=output
        )
        try:
            wait_until_healthy(process, health_url, log)
            yield
        finally:
            end(process, 15)


def wait_until_healthy(process: subprocess.Popen, url: str, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    pytest.fail(f"{url} did not become healthy; the log:\n{log.read_text()[-4000:]}")
