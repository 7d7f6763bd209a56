"""The invented people and event types of the sample; nobody here exists."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass

API = "https://api.calendly.com"
NAMESPACE = uuid.UUID("6f1d3a52-8a0e-5b6c-9b7e-2d54c0a1e9f3")


def _words(text: str) -> list[str]:
    return text.split()


FIRST_NAMES = _words(
    "Alder Aspen Briar Cedar Clover Cosmo Dune Ember Fern Finch Flint Hazel Indigo Juniper Kestrel"
    " Lark Linden Lumi Maple Marlow Nova Onyx Opal Pax Quill Rain Reed Rowan Sable Sage Sorrel Teal"
    " Thistle Umber Vesper Wren Yarrow Zoë Zéphyr Æther"
)
LAST_NAMES = _words(
    "Ashgrove Birchwater Brambleford Cloudmere Copperfen Dovetail Eastmarsh Fallowmere Fernhollow"
    " Frostwick Glasswater Goldenrod Greyharbor Hollowbrook Inkwell Ironleaf Kindlewood Lanternby"
    " Lowmeadow Mistvale Mooncroft Nettlefield Northfen Oakhaven Pebblecombe Quickwater Ravenmoor"
    " Saltmarsh Silverfen Starling-Vale Stonebeck Sunderleaf Thornwick Underhill Violetmere"
    " Westerfell Wintermoor Yellowfin Straßenbach Żabiniec"
)
TIMEZONES = _words(
    "America/New_York America/Chicago America/Denver America/Los_Angeles Europe/London"
    " Europe/Berlin Asia/Kolkata Australia/Sydney"
)


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    email: str
    timezone: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Employee:
    uri: str
    name: str
    email: str


@dataclass(frozen=True)
class EventType:
    uri: str
    name: str
    minutes: int
    seats: int


def person(rng: random.Random) -> Person:
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    return Person(
        first, last, f"invitee.{rng.randrange(10**6):06d}@example.com", rng.choice(TIMEZONES)
    )


def employees() -> list[Employee]:
    """Ten hosts, the same in every sample."""
    names = zip(FIRST_NAMES[::4], LAST_NAMES[1::4], strict=True)
    return [
        Employee(
            f"{API}/users/{uuid.uuid5(NAMESPACE, f'employee {number}')}",
            f"{first} {last}",
            f"host.{number:02d}@example.com",
        )
        for number, (first, last) in enumerate(names, start=1)
    ]


def event_types() -> tuple[list[EventType], list[float]]:
    """The event types and how often each is booked; the first three are the paid channels'."""
    facebook = EventType(_type("d639ecd3-8718-4068-955a-436b10d72c78"), "Discovery Call F", 30, 1)
    youtube = EventType(_type("dbb4ec50-38cd-4bcd-bbff-efb7b5a6f098"), "Discovery Call Y", 30, 1)
    tiktok = EventType(_type("bb339e98-7a67-4af2-b584-8dbf95564312"), "Discovery Call T", 30, 1)
    names = ("Onboarding", "Weekly Review", "Office Hours", "Interview Practice", "Support")
    minutes, seats = (30, 45, 60, 45, 15), (1, 1, 12, 1, 1)
    others = [
        EventType(_type(str(uuid.uuid5(NAMESPACE, f"event type {name}"))), name, length, places)
        for name, length, places in zip(names, minutes, seats, strict=True)
    ]
    return [facebook, youtube, tiktok, *others], [9.0, 3.0, 0.7, 26, 22, 14, 14, 11.3]


def uuid4(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _type(identifier: str) -> str:
    return f"{API}/event_types/{identifier}"
