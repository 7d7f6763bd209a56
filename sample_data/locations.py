"""Every kind of meeting place that a scheduled event may have, in Calendly's form."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sample_data.people import uuid4

Location = dict[str, Any] | None
# City, country name, two-letter country, dial-in number (ranges that are kept for fiction).
DIAL_IN = (
    ("New York", "US", "US", "+1 212-555-0101"),
    ("Chicago", "US", "US", "+1 312-555-0112"),
    ("Denver", "US", "US", "+1 303-555-0123"),
    ("Toronto", "Canada", "CA", "+1 416-555-0134"),
    ("London", "United Kingdom", "GB", "+44 20 7946 0145"),
    ("Manchester", "United Kingdom", "GB", "+44 161 496 0156"),
)


def phone(rng: random.Random) -> str:
    return f"+1 {rng.choice((202, 303, 404, 512))}-555-01{rng.randrange(100):02d}"


def location(rng: random.Random) -> Location:
    make: Callable[[random.Random], Location] = rng.choices(KINDS, WEIGHTS)[0]
    return make(rng)


def zoom(rng: random.Random) -> Location:
    numbers = [
        {"number": number, "country": short, "type": "toll", "city": city, "country_name": country}
        for city, country, short, number in rng.sample(DIAL_IN, rng.randrange(1, 6))
    ]
    meeting = rng.randrange(10**10, 10**11)
    return {
        "type": rng.choices(("zoom", "zoom_conference"), (9, 1))[0],
        "status": "pushed",
        "join_url": f"https://zoom.example.com/j/{meeting}?pwd={rng.getrandbits(64):016x}",
        "data": {
            "id": meeting,
            "password": f"{rng.getrandbits(32):08x}",
            "settings": rng.choices(({"global_dial_in_numbers": numbers}, {}), (9, 1))[0],
            "extra": rng.choices(
                ({"intl_numbers_url": f"https://zoom.example.com/u/{meeting % 9973}"}, None), (4, 1)
            )[0],
        },
    }


def google(rng: random.Random) -> Location:
    return {
        "type": "google_conference",
        "status": rng.choice(("processing", "pushed")),
        "join_url": f"https://calendly.example.com/events/{uuid4(rng)}/google_meet",
    }


def teams(rng: random.Random) -> Location:
    return {
        "type": "microsoft_teams_conference",
        "status": "pushed",
        "join_url": f"https://teams.example.com/l/meetup-join/{uuid4(rng)}",
        # Text here, a number at Zoom: a column of type bigint has to make null of it.
        "data": {"id": uuid4(rng), "audioConferencing": None},
    }


def webex(rng: random.Random) -> Location:
    return {
        "type": "webex_conference",
        "status": "pushed",
        "join_url": f"https://webex.example.com/m/{rng.getrandbits(64):016x}",
        "data": {
            "id": f"{rng.getrandbits(128):032x}",
            "telephony": {"callInNumbers": [{"label": "US", "callInNumber": phone(rng)}]},
            "password": f"{rng.getrandbits(32):08x}",
        },
    }


def gotomeeting(rng: random.Random) -> Location:
    meeting = rng.randrange(10**8, 10**9)
    return {
        "type": "gotomeeting",
        "status": "pushed",
        "join_url": f"https://goto.example.com/join/{meeting}",
        "data": {"uniqueMeetingId": meeting, "conferenceCallInfo": f"US: {phone(rng)}"},
    }


def outbound(rng: random.Random) -> Location:
    return {"type": "outbound_call", "location": phone(rng)}


def inbound(rng: random.Random) -> Location:
    return {"type": "inbound_call", "location": phone(rng), "additional_info": "Ask for the desk"}


def physical(rng: random.Random) -> Location:
    street = f"{rng.randrange(1, 400)} Example Street"
    return {"type": "physical", "location": street, "additional_info": "Second floor"}


def ask_invitee(rng: random.Random) -> Location:
    return {"type": "ask_invitee", "location": f"Café no. {rng.randrange(1, 9)}"}


def custom(rng: random.Random) -> Location:
    return {"type": "custom", "location": f"Booth {rng.randrange(1, 40)}"}


def unknown(_: random.Random) -> Location:
    return None


KINDS = (
    zoom, google, teams, webex, gotomeeting, outbound, inbound, physical, ask_invitee, custom,
    unknown,
)  # fmt: skip
WEIGHTS = (38, 24, 8, 4, 3, 8, 4, 4, 3, 3, 1)
