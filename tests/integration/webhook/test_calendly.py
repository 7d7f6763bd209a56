"""The Calendly simulator as a part of the stack, delivering to the deployed webhook."""

from __future__ import annotations

import json

from sample_data.generator import FIRST_DAY
from services.calendly.scenarios import occurrences
from tests.support.stack import Stack

BRONZE = "project6-bronze-bucket"


def _deliveries(stack: Stack) -> dict:
    return json.loads(stack.lake("calendly", "status", "--json"))["deliveries"]


def test_what_happens_at_the_simulator_reaches_bronze_as_a_replay_brings_it(webhook):
    """It is started and ended beside the running stack, and its data stays meanwhile."""
    webhook.lake("calendly", "up")
    webhook.lake("calendly", "subscribe")
    webhook.lake("calendly", "subscribe")  # once more changes nothing
    webhook.lake("calendly", "play", "locations", "--seed", "3", "--size", "11")
    webhook.wait_for(lambda: _deliveries(webhook) == {"delivered": 11}, 30)
    stored = set(webhook.keys(BRONZE, "events/"))
    wrong = webhook.lake("calendly", "play", "nonsense", expect=1)
    parts = {part["name"]: part["state"] for part in json.loads(webhook.lake("status", "--json"))}
    webhook.lake("calendly", "down")
    fewer = {part["name"] for part in json.loads(webhook.lake("status", "--json"))}
    webhook.lake("calendly", "up")
    kept = _deliveries(webhook)
    webhook.lake("calendly", "down")

    made = occurrences("locations", 3, FIRST_DAY, 11)
    for one in made:
        answer = webhook.post(one.body)
        assert answer.json()["s3_key"] in stored
        assert answer.headers["x-lakehouse-outcome"] == "repeated"
    assert wrong == ""
    assert parts["calendly"] == "healthy"
    assert fewer == {"edge", "spark", "dashboard"}
    assert kept == {"delivered": 11}
