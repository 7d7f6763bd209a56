"""Each scenario: what it is made of, and that a seed makes it the same again."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest

from sample_data import recorded
from services.calendly.scenarios import SCENARIOS, from_now, occurrences

DAY = date(2026, 1, 14)


def _envelopes(name, seed=1, size=None):
    return [json.loads(one.body) for one in occurrences(name, seed, DAY, size)]


def _events(name, size=None):
    return Counter(one["event"] for one in _envelopes(name, size=size))


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(name):
    first, again = occurrences(name, 7, DAY, 12), occurrences(name, 7, DAY, 12)

    assert first == again
    assert first == sorted(first, key=lambda one: one.at)
    assert (occurrences(name, 8, DAY, 12) == first) == (name == "week")


def test_the_week_is_the_recorded_one():
    made = [one.body for one in occurrences("week", 1, DAY)]

    assert made == [one.body for one in recorded.read_deliveries()]


def test_a_burst_is_one_second():
    made = occurrences("burst", 1, DAY)

    assert len(made) == 200
    assert len({one.at for one in made}) == 1


def test_duplicates_repeat_bytes():
    bodies = Counter(one.body for one in occurrences("duplicates", 1, DAY))

    assert set(bodies.values()) == {1, 2, 3}


def test_out_of_order_tells_a_cancellation_before_its_creation():
    seen, early = set(), 0
    for one in _envelopes("out-of-order", size=60):
        uri = one["payload"]["uri"]
        early += one["event"] == "invitee.canceled" and uri not in seen
        seen.add(uri)

    assert early > 0


def test_reschedules_chain_old_and_new_invitees():
    envelopes = _envelopes("reschedules", size=10)
    made = {
        one["payload"]["uri"]: one["payload"]
        for one in envelopes
        if one["event"] == "invitee.created"
    }
    moved = [one["payload"] for one in envelopes if one["event"] == "invitee.canceled"]

    assert len(moved) >= 10
    for old in moved:
        assert old["rescheduled"] is True
        assert made[old["new_invitee"]]["old_invitee"] == old["uri"]
        assert made[old["new_invitee"]]["rescheduled"] is False


def test_cancellations_and_no_shows_are_what_they_say():
    assert _events("cancellations") == {"invitee.created": 20, "invitee.canceled": 20}
    marks = _events("no-shows")
    assert marks["invitee.created"] == marks["invitee_no_show.created"] == 20
    assert 0 < marks["invitee_no_show.deleted"] < 20


def test_groups_share_events_that_stay_active():
    envelopes = _envelopes("groups", size=60)
    invitees = {(one["payload"]["event"], one["payload"]["uri"]) for one in envelopes}
    counters = [one["payload"]["scheduled_event"]["invitees_counter"] for one in envelopes]
    gone = [one["payload"] for one in envelopes if one["event"] == "invitee.canceled"]

    assert max(Counter(event for event, _ in invitees).values()) > 1
    assert max(one["total"] for one in counters) > 1
    assert gone and {one["scheduled_event"]["status"] for one in gone} == {"active"}


def test_locations_are_of_every_kind():
    places = [one["payload"]["scheduled_event"]["location"] for one in _envelopes("locations")]
    kinds = {place["type"].replace("zoom_conference", "zoom") for place in places if place}

    assert None in places
    assert kinds == {
        "zoom",
        "google_conference",
        "microsoft_teams_conference",
        "webex_conference",
        "gotomeeting",
        "outbound_call",
        "inbound_call",
        "physical",
        "ask_invitee",
        "custom",
    }


def test_schema_drift_has_new_missing_and_misplaced_fields():
    envelopes = _envelopes("schema-drift")

    assert any("meeting_recap_opt_in" in one["payload"] for one in envelopes)
    assert any("uri" not in one["payload"] for one in envelopes)
    assert any(one["event"] == "invitee.teleported" for one in envelopes)


def test_paced_keeps_the_distances_and_at_once_has_none():
    made = occurrences("cancellations", 1, DAY)
    paced, at_once = from_now(made, 1000.0, paced=True), from_now(made, 1000.0, paced=False)

    assert {one.at for one in at_once} == {1000.0}
    assert paced[0].at == 1000.0
    assert paced[-1].at - paced[0].at == pytest.approx(made[-1].at - made[0].at)
    assert [one.body for one in paced] == [one.body for one in made]
