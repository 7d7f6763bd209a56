"""What `lake replay` delivers is on the simulator's page, which may run meanwhile."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from lake.app import app
from sample_data import recorded
from tests.support.calendly import receiver, simulator

KEY = "the-key"


@pytest.fixture
def webhook():
    with receiver() as running:
        yield running


@pytest.fixture(autouse=True)
def key_of_the_stack(monkeypatch):
    monkeypatch.setattr("lake.signing_key.current", lambda _settings: KEY)


@pytest.fixture
def calendly(tmp_path):
    folder = tmp_path / "calendly"
    folder.mkdir()
    with simulator(folder) as running:
        yield running


def replay(tmp_path, webhook, *options):
    settings = {"LAKE_DIR": str(tmp_path), "MODE": "embedded"}
    command = ["replay", "--day", "2026-01-17", "--url", webhook.url, *options]
    return CliRunner().invoke(app, command, env=settings)


def test_each_delivery_of_a_replay_is_shown_with_its_attempt_and_body(tmp_path, calendly, webhook):
    expected = [one.body for one in recorded.read_deliveries()]
    done = replay(tmp_path, webhook, "--json")
    assert done.exit_code == 0, done.output
    sent = json.loads(done.stdout)["sent"]
    assert calendly.state()["deliveries"] == {"delivered": sent}
    newest = calendly.call("GET", "/simulator/deliveries?limit=1").json()[0]
    shown = calendly.call("GET", f"/simulator/deliveries/{newest['id']}").json()
    assert shown["body"].encode() in webhook.bodies
    assert shown["body"].encode() in expected
    [tried] = shown["tries"]
    assert (tried["status"], tried["signature"] in webhook.signatures) == (200, True)
    page = calendly.call("GET", f"/deliveries/{newest['id']}").text
    assert "By <code>lake replay</code>" in page
    assert "Deliver again" not in page


def test_a_damaged_store_of_the_simulator_keeps_no_delivery_back(tmp_path, webhook):
    (tmp_path / "calendly").mkdir()
    (tmp_path / "calendly" / "calendly.sqlite").write_bytes(b"no database" * 500)
    done = replay(tmp_path, webhook, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["sent"] == len(webhook.bodies) > 0
    lack = "The simulator's page lacks deliveries: file is not a database"
    assert lack in done.stderr


def test_another_replay_takes_the_place_of_the_last_and_leaves_all_else(
    tmp_path, calendly, webhook
):
    calendly.subscribe(webhook.url)
    calendly.play("cancellations", size=1)
    calendly.wait_until(lambda state: state["deliveries"] == {"delivered": 2})
    webhook.status = 401
    refused = [replay(tmp_path, webhook, "--unsigned") for _ in range(2)]
    assert [done.exit_code for done in refused] == [1, 1]
    state = calendly.state()
    assert state["deliveries"] == {"delivered": 2, "failed": len(webhook.bodies[2:]) // 2}
    assert state["subscriptions"][0]["state"] == "active"
    assert (
        calendly.call("GET", "/simulator/deliveries?state=failed&limit=1").json()[0]["answer"] == ""
    )
