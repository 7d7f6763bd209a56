"""The simulator's side of Calendly's API v2, asked over HTTP."""

from __future__ import annotations

import pytest
import requests

from tests.support.calendly import receiver, simulator

API = "https://api.calendly.com"


@pytest.fixture(scope="module")
def calendly(tmp_path_factory):
    """With a day's bookings."""
    with simulator(tmp_path_factory.mktemp("calendly")) as running:
        running.play("normal-day", size=150)
        running.wait_until(lambda state: state["to_happen"] == 0)
        yield running


def _list(calendly, path, **query):
    answer = calendly.session.get(f"{calendly.url}{path}", params=query, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_without_the_token_nothing_is_told(calendly):
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = requests.get(f"{calendly.url}/users/me", headers=headers, timeout=10)
        assert answer.status_code == 401
        assert answer.json() == {
            "title": "Unauthenticated",
            "message": "The access token is invalid",
        }


def test_an_unknown_path_and_an_unknown_id_are_told_in_calendlys_form(calendly):
    for path in ("/users/nobody", "/nonsense", "/scheduled_events/nothing/invitees"):
        answer = calendly.call("GET", path)
        assert (answer.status_code, answer.json()) == (
            404,
            {
                "title": "Resource Not Found",
                "message": "The server could not find the requested resource.",
            },
        )


def test_a_client_finds_its_organization_people_and_event_types(calendly):
    me = calendly.call("GET", "/users/me").json()["resource"]
    members = _list(calendly, "/organization_memberships", organization=me["current_organization"])
    types = _list(calendly, "/event_types", organization=me["current_organization"])

    assert calendly.call("GET", me["uri"].removeprefix(calendly.url)).json()["resource"] == me
    assert len(members["collection"]) == 10
    assert "Discovery Call Y" in [one["name"] for one in types["collection"]]
    assert f"{calendly.url}/event_types/dbb4ec50-38cd-4bcd-bbff-efb7b5a6f098" in [
        one["uri"] for one in types["collection"]
    ]


def test_pages_lead_through_all_events_and_back(calendly):
    organization = calendly.organization()
    first = _list(calendly, "/scheduled_events", organization=organization, count=20)
    pages, page = [first], first
    while page["pagination"]["next_page"]:
        page = calendly.session.get(page["pagination"]["next_page"], timeout=10).json()
        pages.append(page)
    uris = [one["uri"] for each in pages for one in each["collection"]]
    starts = [one["start_time"] for each in pages for one in each["collection"]]
    back = calendly.session.get(pages[1]["pagination"]["previous_page"], timeout=10).json()

    assert len(uris) == len(set(uris)) > 60
    assert starts == sorted(starts)
    assert back["collection"] == first["collection"]
    assert first["pagination"]["previous_page"] is None
    assert [each["pagination"]["count"] for each in pages[:-1]] == [20] * (len(pages) - 1)


def test_events_are_found_by_status_time_and_invitee(calendly):
    organization = calendly.organization()
    query = {"organization": organization, "count": 100}
    canceled = _list(calendly, "/scheduled_events", status="canceled", **query)["collection"]
    late = _list(
        calendly, "/scheduled_events", min_start_time="2026-01-20T00:00:00Z", **query
    )["collection"]  # fmt: skip
    invitees = _list(calendly, canceled[0]["uri"].removeprefix(calendly.url) + "/invitees")
    email = invitees["collection"][0]["email"]
    of_one = _list(calendly, "/scheduled_events", invitee_email=email, **query)["collection"]

    assert {one["status"] for one in canceled} == {"canceled"}
    assert min(one["start_time"] for one in late) >= "2026-01-20"
    assert invitees["collection"][0]["status"] == "canceled"
    assert invitees["collection"][0]["cancellation"]["canceler_type"] in ("host", "invitee")
    assert canceled[0]["uri"] in [one["uri"] for one in of_one]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({}, "organization"),
        ({"count": "0"}, "count"),
        ({"count": "101"}, "count"),
        ({"sort": "name:asc"}, "sort"),
        ({"status": "lost"}, "status"),
        ({"page_token": "bm9uc2Vuc2U="}, "page_token"),
        ({"min_start_time": "tomorrow"}, "min_start_time"),
    ],
)
def test_a_wrong_parameter_is_named(calendly, query, parameter):
    whose = {"organization": calendly.organization()} if query else {}
    answer = calendly.session.get(f"{calendly.url}/scheduled_events", params={**whose, **query})

    assert answer.status_code == 400
    assert answer.json()["title"] == "Invalid Argument"
    assert answer.json()["message"] == "The supplied parameters are invalid."
    assert [one["parameter"] for one in answer.json()["details"]] == [parameter]


def test_a_subscription_is_made_listed_read_and_deleted(calendly):
    made = calendly.subscribe("http://127.0.0.1:9/webhook")
    path = made["uri"].removeprefix(calendly.url)
    listed = _list(
        calendly,
        "/webhook_subscriptions",
        organization=made["organization"],
        scope="organization",
    )
    again = calendly.call(
        "POST",
        "/webhook_subscriptions",
        url="http://127.0.0.1:9/webhook",
        events=["invitee.created"],
        organization=made["organization"],
        scope="organization",
    )

    assert made["callback_url"] == "http://127.0.0.1:9/webhook"
    assert (made["state"], made["retry_started_at"], made["user"]) == ("active", None, None)
    assert "signing_key" not in made
    assert listed["collection"] == [made]
    assert calendly.call("GET", path).json()["resource"] == made
    assert (again.status_code, again.json()["title"]) == (409, "Already Exists")
    assert calendly.call("DELETE", path).status_code == 204
    assert calendly.call("DELETE", path).status_code == 404


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"url": "https://example.com/webhook"}, "url"),
        ({"url": "http://127.0.0.1@example.com/"}, "url"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"url": "ftp://127.0.0.1/"}, "url"),
        ({"url": "nonsense"}, "url"),
        ({"url": None}, "url"),
        ({"events": ["invitee.rescheduled"]}, "events"),
        ({"events": []}, "events"),
        ({"scope": "everyone"}, "scope"),
        ({"scope": "user"}, "user"),
        ({"scope": "group", "group": f"{API}/groups/none"}, "group"),
        ({"organization": f"{API}/organizations/another"}, "organization"),
        ({"signing_key": 5}, "signing_key"),
    ],
)
def test_a_subscription_that_cannot_be_is_refused_by_parameter(calendly, change, parameter):
    asked = {
        "url": "http://localhost:9/",
        "events": ["invitee.created"],
        "organization": calendly.organization(),
        "scope": "organization",
        **change,
    }
    answer = calendly.call("POST", "/webhook_subscriptions", **asked)

    assert answer.status_code == 400, answer.text
    assert parameter in [one["parameter"] for one in answer.json()["details"]]


def test_what_a_client_books_cancels_and_marks_is_delivered(calendly):
    types = _list(calendly, "/event_types", organization=calendly.organization())["collection"]
    with receiver() as webhook:
        made = calendly.subscribe(webhook.url)
        booked = calendly.call(
            "POST",
            "/invitees",
            event_type=types[0]["uri"],
            start_time="2027-03-01T15:00:00Z",
            invitee={"name": "Nova Reed", "email": "nova.reed@example.com", "timezone": "UTC"},
        ).json()["resource"]
        mark = calendly.call("POST", "/invitee_no_shows", invitee=booked["uri"]).json()["resource"]
        no_show = mark["uri"].removeprefix(calendly.url)
        assert calendly.call("GET", no_show).json()["resource"] == mark
        assert calendly.call("DELETE", no_show).status_code == 204
        event = booked["event"].removeprefix(calendly.url)
        canceled = calendly.call("POST", f"{event}/cancellation", reason="Ill")
        calendly.wait_until(lambda _: len(webhook.bodies) == 4)
        calendly.call("DELETE", made["uri"].removeprefix(calendly.url))

    assert canceled.json()["resource"]["reason"] == "Ill"
    assert calendly.call("GET", event).json()["resource"]["status"] == "canceled"
    told = {one["event"]: one["payload"] for one in webhook.envelopes()}
    assert sorted(told) == [
        "invitee.canceled",
        "invitee.created",
        "invitee_no_show.created",
        "invitee_no_show.deleted",
    ]
    assert told["invitee.created"]["email"] == "nova.reed@example.com"
    assert told["invitee_no_show.created"]["no_show"]["uri"].startswith(f"{API}/invitee_no_shows/")
    assert told["invitee.canceled"]["scheduled_event"]["status"] == "canceled"
