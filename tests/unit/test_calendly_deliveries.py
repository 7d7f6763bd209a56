"""What the simulator delivers: signed, tried again for 24 hours of its own clock, then disabled."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import time

import pytest

from tests.support.calendly import receiver, simulator

HOUR = 3600


@pytest.fixture
def webhook():
    with receiver() as running:
        yield running


@pytest.fixture
def calendly(tmp_path):
    with simulator(tmp_path) as running:
        yield running


def _deliveries(calendly, state=""):
    return calendly.call("GET", f"/simulator/deliveries?state={state}").json()


def _tries(calendly, number=0):
    identifier = _deliveries(calendly)[number]["id"]
    return calendly.call("GET", f"/simulator/deliveries/{identifier}").json()["tries"]


def _seconds(tries):
    return [time.mktime(time.strptime(one["at"][:19], "%Y-%m-%dT%H:%M:%S")) for one in tries]


def test_a_delivery_is_signed_over_time_and_body(calendly, webhook):
    calendly.subscribe(webhook.url, signing_key="the-key")
    calendly.play("cancellations", size=1)
    calendly.wait_until(lambda state: state["deliveries"] == {"delivered": 2})

    sent_at, _, found = webhook.signatures[0].removeprefix("t=").partition(",v1=")
    signed = sent_at.encode() + b"." + webhook.bodies[0]
    assert found == hmac.new(b"the-key", signed, hashlib.sha256).hexdigest()
    assert abs(time.time() - int(sent_at)) < 60


def test_without_a_key_nothing_is_signed(calendly, webhook):
    calendly.subscribe(webhook.url, signing_key=None)
    calendly.play("cancellations", size=1)
    calendly.wait_until(lambda state: state["deliveries"] == {"delivered": 2})

    assert webhook.signatures == [None, None]


def test_a_failure_is_tried_again_less_and_less_often_until_24_hours_are_over(calendly, webhook):
    webhook.status = 503
    calendly.subscribe(webhook.url)
    calendly.play("burst", size=1)
    began = time.monotonic()
    state = calendly.jump(25 * HOUR)

    times = _seconds(_tries(calendly))
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert time.monotonic() - began < 10
    assert waits[:4] == pytest.approx([60, 120, 240, 480], abs=1)
    assert sum(waits) == pytest.approx(24 * HOUR, abs=1)
    assert state["deliveries"] == {"failed": 1}
    assert state["subscriptions"][0]["state"] == "active"  # no other message failed


def test_a_second_failing_message_disables_the_subscription_after_24_hours(calendly, webhook):
    webhook.status = 500
    made = calendly.subscribe(webhook.url)
    calendly.play("burst", size=3)
    calendly.jump(23 * HOUR)
    retrying = calendly.state()["subscriptions"][0]
    calendly.jump(2 * HOUR)
    disabled = calendly.state()["subscriptions"][0]
    tried, webhook.status = len(webhook.bodies), 200
    calendly.play("burst", size=1)
    calendly.jump(HOUR)

    assert retrying["state"] == "active"
    assert retrying["retry_started_at"] >= made["created_at"]
    assert disabled["state"] == "disabled"
    assert len(webhook.bodies) == tried  # there is no way back: it has to be made anew
    # The last attempts of the three are made at once: those still pending after two are dropped.
    states = {delivery["state"] for delivery in _deliveries(calendly)}
    assert states - {"dropped"} == {"failed"}


def test_a_receiver_that_comes_back_gets_everything(calendly, webhook):
    webhook.status = 302  # a redirect is a failure too
    calendly.subscribe(webhook.url)
    calendly.play("burst", size=5)
    calendly.wait_until(lambda state: len(webhook.bodies) == 5)
    webhook.status = 200
    state = calendly.jump(10 * 60)

    assert state["deliveries"] == {"delivered": 5}
    assert state["subscriptions"][0]["retry_started_at"] is None
    assert len(set(webhook.bodies)) == 5


def test_410_deletes_the_subscription_at_once(calendly, webhook):
    webhook.status = 410
    calendly.subscribe(webhook.url)
    calendly.play("burst", size=1)
    calendly.wait_until(lambda state: not state["subscriptions"])
    calendly.jump(25 * HOUR)

    assert len(webhook.bodies) == 1


def test_a_receiver_that_does_not_answer_in_time_is_tried_again(calendly, webhook):
    webhook.delay = 1.3  # over the second that the test's simulator waits
    calendly.subscribe(webhook.url)
    calendly.play("burst", size=1)
    calendly.wait_until(lambda state: _deliveries(calendly)[:1] and state["next_due"] is not None)
    calendly.wait_until(lambda _: _deliveries(calendly)[0]["attempts"] == 1)

    assert "timed out" in _deliveries(calendly)[0]["answer"]
    assert _deliveries(calendly)[0]["state"] == "pending"


def test_a_restart_goes_on_with_the_retries(tmp_path, webhook):
    webhook.status = 503
    with simulator(tmp_path) as calendly:
        calendly.subscribe(webhook.url)
        calendly.play("burst", size=4)
        calendly.wait_until(lambda _: len(webhook.bodies) == 4)
    webhook.status = 200
    with simulator(tmp_path) as calendly:
        assert calendly.state()["deliveries"] == {"pending": 4}
        assert calendly.jump(60)["deliveries"] == {"delivered": 4}

    assert len(webhook.bodies) == 8


def test_an_outage_of_the_receiver_ends_and_nothing_is_lost(calendly, webhook):
    calendly.subscribe(webhook.url)
    calendly.play("outage", size=6)
    calendly.jump(80 * 60)
    during = len(webhook.bodies)
    state = calendly.jump(60 * 60)

    assert during == 0
    assert state["deliveries"] == {"delivered": 6}
    assert len(set(webhook.bodies)) == 6


def test_a_clock_that_is_sped_up_makes_a_day_of_retries_within_seconds(calendly, webhook):
    webhook.status = 503
    calendly.subscribe(webhook.url)
    calendly.call("POST", "/simulator/clock", speed=86_400)
    calendly.play("burst", size=2)
    calendly.wait_until(lambda state: state["subscriptions"][0]["state"] == "disabled")

    assert len(webhook.bodies) > 2 * 5


def test_the_clock_can_be_set(calendly):
    answer = calendly.call("POST", "/simulator/clock", now="2026-01-14T12:00:00Z", speed=0)

    assert answer.json()["now"] == "2026-01-14T12:00:00.000000Z"
    assert calendly.state()["now"] == "2026-01-14T12:00:00.000000Z"


@pytest.mark.parametrize("anew", [True, False])
def test_a_retry_is_signed_anew_or_as_old_as_the_first_attempt(calendly, webhook, anew):
    """Calendly does not say which: the age that the receiver sees is that of its own clock."""
    webhook.status = 503
    calendly.subscribe(webhook.url, sign_retries_anew=anew)
    calendly.play("burst", size=1)
    calendly.wait_until(lambda _: len(webhook.bodies) == 1)
    calendly.jump(7 * 60)

    last = int(webhook.signatures[-1].removeprefix("t=").partition(",")[0])
    assert time.time() - last == pytest.approx(0 if anew else 7 * 60, abs=30)


def test_wrong_signatures_are_wrong_in_each_way(calendly, webhook):
    calendly.subscribe(webhook.url, signing_key="the-key")
    calendly.play("wrong-signatures", size=5)
    calendly.wait_until(lambda _: len(webhook.bodies) == 5)

    def is_right(body, header):
        sent_at, _, found = (header or "").removeprefix("t=").partition(",v1=")
        signed = sent_at.encode() + b"." + body
        fits = found == hmac.new(b"the-key", signed, hashlib.sha256).hexdigest()
        return fits and abs(time.time() - int(sent_at)) < 90_000

    pairs = list(zip(webhook.bodies, webhook.signatures, strict=True))
    assert not any(is_right(body, header) for body, header in pairs)
    assert None in webhook.signatures


def test_a_subscription_hears_of_its_events_and_people_alone(calendly, webhook):
    user = calendly.call("GET", "/users/me").json()["resource"]["uri"]
    calendly.subscribe(webhook.url, events=["invitee.canceled"])
    with receiver() as of_one:
        calendly.subscribe(of_one.url, scope="user", user=user)
        calendly.play("cancellations", size=30)
        calendly.wait_until(lambda state: not state["to_happen"] and state["next_due"] is None)

        assert {one["event"] for one in webhook.envelopes()} == {"invitee.canceled"}
        assert len(webhook.bodies) == 30
        hosts = [
            {host.get("user", "").rpartition("/")[2] for host in members}
            for one in of_one.envelopes()
            for members in [one["payload"]["scheduled_event"]["event_memberships"]]
        ]
        assert hosts and all(user.rpartition("/")[2] in each for each in hosts)
        assert len(of_one.bodies) < 60


def test_the_page_shows_deliveries_and_its_buttons_work(calendly, webhook):
    calendly.subscribe(webhook.url)
    post, get = calendly.session.post, calendly.session.get
    played = post(
        f"{calendly.url}/simulator/scenarios/play",
        data={"scenario": "burst", "size": "2", "seed": "1", "day": "2026-01-14", "paced": "false"},
        timeout=10,
    )
    calendly.wait_until(lambda state: state["deliveries"] == {"delivered": 2})
    again = post(f"{calendly.url}/simulator/deliveries/1/again", data={"x": "1"}, timeout=10)
    calendly.wait_until(lambda state: state["deliveries"] == {"delivered": 3})

    assert [one.status_code for one in (*played.history, *again.history)] == [303, 303]
    page = get(f"{calendly.url}/", timeout=10).text
    assert webhook.url in page
    assert page.count("invitee.created</td>") == 3
    one = get(f"{calendly.url}/deliveries/1", timeout=10).text
    assert "&#34;event&#34;:&#34;invitee.created&#34;" in one
    assert len(webhook.bodies) == 3 and len(set(webhook.bodies)) == 2


def test_a_page_elsewhere_cannot_press_its_buttons(calendly):
    answer = calendly.session.post(
        f"{calendly.url}/simulator/jump",
        data={"seconds": "1"},
        headers={"Origin": "https://example.com"},
        timeout=10,
    )
    assert answer.status_code == 403
