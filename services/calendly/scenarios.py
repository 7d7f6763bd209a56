"""A seed, a day and a size in, what happens at Calendly out; pure: the same in, the same bytes out.

All bodies are made by `sample_data`; a scenario only chooses what happens, and in which order.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sample_data import faults, generator, recorded, stories
from sample_data.bodies import compact
from sample_data.locations import KINDS
from sample_data.people import EventType
from services.calendly import signing
from services.calendly.store import Occurrence

Made = list[Occurrence]


@dataclass(frozen=True)
class Scenario:
    """`size`: how many bookings it has unless asked otherwise; the outage begins with it."""

    told: str
    make: Callable[[random.Random, date, int], Made]
    size: int = 20
    outage_seconds: float = 0.0


def occurrences(name: str, seed: int, day: date, size: int | None = None) -> Made:
    """By their time; raises KeyError for an unknown name."""
    scenario = SCENARIOS[name]
    rng = random.Random(f"{name} {seed} {day.isoformat()}")
    made = scenario.make(rng, day, scenario.size if size is None else size)
    return sorted(made, key=lambda one: one.at)


def told(deliveries: Iterable[stories.Delivery], signature: str = "correct") -> Made:
    return [
        Occurrence(delivery.at.timestamp(), delivery.body, signature) for delivery in deliveries
    ]


def normal_day(rng: random.Random, day: date, size: int) -> Made:
    """Everything that a day of the sample has, faulty and repeated deliveries included."""
    return told(generator.deliveries(rng.randrange(2**32), {day: size}))


def week(_rng: random.Random, _day: date, _size: int) -> Made:
    return told(recorded.read_deliveries())


def burst(rng: random.Random, day: date, size: int) -> Made:
    """All in one second, as after a newsletter."""
    second = stories.moment(rng, day).timestamp()
    made = [stories.creation(rng, stories.new_booking(rng, day)) for _ in range(size)]
    return [Occurrence(second, one.body) for one in made]


def duplicates(rng: random.Random, day: date, size: int) -> Made:
    """Each up to three times byte by byte, and now and then written anew by a proxy."""
    made = []
    for _ in range(size):
        first = stories.creation(rng, stories.new_booking(rng, day))
        made += [first] * rng.randrange(1, 4)
        if rng.random() < 0.3:
            made.append(stories.respelled(rng, first))
    return told(made)


def out_of_order(rng: random.Random, day: date, size: int) -> Made:
    """Whole stories, each told in another order: a cancellation before its creation, and so on."""
    made = [one for _ in range(size) for group in stories.story(rng, day) for one in group]
    times = sorted(one.at.timestamp() for one in made)
    rng.shuffle(made)
    return [Occurrence(at, one.body) for at, one in zip(times, made, strict=True)]


def reschedules(rng: random.Random, day: date, size: int) -> Made:
    """Each booking is moved one to four times, every time by a pair of deliveries."""
    made = []
    for _ in range(size):
        last = stories.new_booking(rng, day)
        made.append(stories.creation(rng, last))
        for _ in range(rng.randrange(1, 5)):
            pair, last = stories.reschedule(rng, last)
            made += pair
    return told(made)


def cancellations(rng: random.Random, day: date, size: int) -> Made:
    made = []
    for _ in range(size):
        one = stories.new_booking(rng, day)
        at = stories.between(rng, stories.whole_second(one.booked_at), one.start)
        made += [stories.creation(rng, one), stories.cancellation(rng, one, at)]
    return told(made)


def no_shows(rng: random.Random, day: date, size: int) -> Made:
    """Marked after the meeting, and some of the marks taken back."""
    made = []
    for _ in range(size):
        one = stories.new_booking(rng, day)
        made.append(stories.creation(rng, one))
        made += [told_ for group in stories.no_show(rng, one) for told_ in group]
    return told(made)


def groups(rng: random.Random, day: date, size: int) -> Made:
    """Several invitees of each group event; a tenth leaves, and the event stays active."""
    made = []
    for _ in range(size):
        one = stories.new_booking(rng, day, group_type())
        made.append(stories.creation(rng, one))
        if rng.random() < 0.1:
            at = stories.between(rng, stories.whole_second(one.booked_at), one.start)
            made.append(stories.cancellation(rng, one, at))
    return counted(sorted(told(made), key=lambda one: one.at))


def counted(made: Made) -> Made:
    """With the number of invitees that each event had by then."""
    total: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    found = []
    for one in made:
        envelope = json.loads(one.body)
        event = envelope["payload"]["scheduled_event"]
        (total if envelope["event"] == "invitee.created" else gone)[event["uri"]] += 1
        active = total[event["uri"]] - gone[event["uri"]]
        event["invitees_counter"] |= {"total": total[event["uri"]], "active": max(active, 0)}
        found.append(Occurrence(one.at, compact(envelope), one.signing))
    return found


def group_type() -> EventType:
    return next(one for one in stories.EVENT_TYPES if one.seats > 1)


def few_bookings(rng: random.Random, day: date, size: int) -> Made:
    return told(stories.creation(rng, stories.new_booking(rng, day)) for _ in range(size))


def wrong_signatures(rng: random.Random, day: date, size: int) -> Made:
    """Each kind of wrong signature in turn; those that the webhook refuses are tried for 24 h."""
    wrong = [kind for kind in signing.KINDS if kind != "correct"]
    made = few_bookings(rng, day, size)
    return [
        Occurrence(one.at, one.body, wrong[number % len(wrong)]) for number, one in enumerate(made)
    ]


def schema_drift(rng: random.Random, day: date, size: int) -> Made:
    """Bodies that are wrong or new in one way each; see sample_data/faults.py."""
    made = []
    for number in range(size):
        one = stories.creation(rng, stories.new_booking(rng, day))
        envelope = json.loads(one.body)
        faults.DATED[number % len(faults.DATED)](envelope)
        made.append(Occurrence(one.at.timestamp(), compact(envelope)))
    return made


def locations(rng: random.Random, day: date, size: int) -> Made:
    """Every kind of meeting place in turn, and none."""
    made = []
    for number in range(size):
        one = stories.creation(rng, stories.new_booking(rng, day))
        envelope = json.loads(one.body)
        envelope["payload"]["scheduled_event"]["location"] = KINDS[number % len(KINDS)](rng)
        made.append(Occurrence(one.at.timestamp(), compact(envelope)))
    return made


SCENARIOS = {
    "normal-day": Scenario(
        "a day of the sample, faulty and repeated deliveries included", normal_day, 200
    ),
    "week": Scenario("the recorded week, whatever seed, day and size", week, 0),
    "burst": Scenario("many bookings within one second", burst, 200),
    "duplicates": Scenario("deliveries sent up to three times, some written anew", duplicates),
    "out-of-order": Scenario("cancellations and moves before their bookings", out_of_order),
    "reschedules": Scenario("bookings moved one to four times", reschedules),
    "cancellations": Scenario("bookings that are all canceled", cancellations),
    "no-shows": Scenario("invitees who do not come, some marks taken back", no_shows),
    "groups": Scenario("group events, some invitees leave", groups),
    "outage": Scenario(
        "a receiver that cannot be reached for 90 minutes", few_bookings, 20, 5400.0
    ),
    "wrong-signatures": Scenario(
        "wrong, stale, malformed and missing signatures", wrong_signatures, 5
    ),
    "schema-drift": Scenario(
        "bodies that are wrong or new in one way each", schema_drift, len(faults.DATED)
    ),
    "locations": Scenario("every kind of meeting place", locations, len(KINDS)),
}


def from_now(made: Made, now: float, *, paced: bool) -> Made:
    """Due now in their order, or `paced` as far apart as they happened."""
    first = min((one.at for one in made), default=0.0)
    return [
        Occurrence(now + (one.at - first if paced else 0.0), one.body, one.signing) for one in made
    ]
