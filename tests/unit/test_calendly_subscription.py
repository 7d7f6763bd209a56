"""The webhook's subscription against the simulator of Calendly: made once, kept, refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aws_bootstrap.promotion.subscription import Account, SubscriptionError, ensure
from tests.support.calendly import TOKEN, Simulator, simulator

HOOK = "http://127.0.0.1:9/webhook"
EVENTS = [
    "invitee.created",
    "invitee.canceled",
    "invitee_no_show.created",
    "invitee_no_show.deleted",
]


@pytest.fixture
def calendly(tmp_path: Path) -> Iterator[Simulator]:
    with simulator(tmp_path) as running:
        yield running


def _subscriptions(calendly: Simulator) -> list[dict[str, object]]:
    return calendly.state()["subscriptions"]


def test_a_webhook_is_subscribed_once_however_often_it_is_asked_for(calendly: Simulator) -> None:
    account = Account(calendly.url, TOKEN)

    first, again = (ensure(account, HOOK, "a-key") for _ in range(2))

    assert (first.made, again.made) == (True, False)
    assert first.uri == again.uri
    answer = calendly.session.get(
        f"{calendly.url}/webhook_subscriptions",
        params={"organization": calendly.organization(), "scope": "organization"},
        timeout=10,
    )
    [kept] = answer.json()["collection"]
    assert (kept["callback_url"], kept["state"]) == (HOOK, "active")
    assert sorted(kept["events"]) == sorted(EVENTS)


def test_one_that_a_rotation_of_keys_has_left_at_the_address_with_a_query_is_kept(
    calendly: Simulator,
) -> None:
    calendly.subscribe(f"{HOOK}?key=2", events=EVENTS)

    assert ensure(Account(calendly.url, TOKEN), HOOK, "a-key").made is False
    assert len(_subscriptions(calendly)) == 1


def test_one_that_lacks_events_is_kept_and_what_it_lacks_is_said(calendly: Simulator) -> None:
    calendly.subscribe(HOOK, events=["invitee.created"])

    found = ensure(Account(calendly.url, TOKEN), HOOK, None)

    assert (found.made, found.missing) == (False, tuple(EVENTS[1:]))


def test_others_subscriptions_stay(calendly: Simulator) -> None:
    calendly.subscribe("http://127.0.0.1:9/other")

    assert ensure(Account(calendly.url, TOKEN), HOOK, None).made is True
    assert len(_subscriptions(calendly)) == 2


def test_a_wrong_token_and_a_place_where_nothing_answers_are_one_message_with_a_cure(
    calendly: Simulator,
) -> None:
    with pytest.raises(SubscriptionError, match=r"answers 401: .*\n.*set CALENDLY_TOKEN"):
        ensure(Account(calendly.url, "another"), HOOK, None)
    with pytest.raises(SubscriptionError, match="does not answer .* CALENDLY_API_URL"):
        ensure(Account("http://127.0.0.1:9", TOKEN), HOOK, None)
    assert _subscriptions(calendly) == []
