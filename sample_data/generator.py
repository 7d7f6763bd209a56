"""A seed and a number of distinct bronze objects per day in, the deliveries of those days out."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from sample_data import faults
from sample_data.bodies import compact
from sample_data.stories import Delivery, Group, delay, moment, respelled, story

SEED = 6
FIRST_DAY = date(2026, 1, 14)
# Distinct objects by UTC date of created_at, as published; wrong but dated ones are among them.
OBJECTS_PER_DAY = (212, 266, 292, 175, 132, 274, 190)


def quotas(days: int = 7, scale: float = 1.0, per_day: int | None = None) -> dict[date, int]:
    """Objects wanted for each day: the published counts over and over, scaled, or a fixed one."""
    return {
        FIRST_DAY + timedelta(days=number): (
            round(OBJECTS_PER_DAY[number % len(OBJECTS_PER_DAY)] * scale)
            if per_day is None
            else per_day
        )
        for number in range(days)
    }


def deliveries(seed: int, wanted: Mapping[date, int]) -> list[Delivery]:
    """Everything that is sent, by time of sending.

    Each day has exactly the wanted number of distinct dated bodies; repeated, undated and
    unreadable deliveries come on top.
    """
    later: dict[date, list[Group]] = defaultdict(list)
    sent: list[Delivery] = []
    for number, (day, quota) in enumerate(wanted.items()):
        rng = random.Random(f"{seed} {day.isoformat()}")
        events = _events(rng, day, quota, number, later)
        sent += events
        sent += [_repeat(rng, event) for event in events if rng.random() < 0.03]
        if quota:
            sent += _on_top(rng, day, number)
    return sorted(sent, key=lambda delivery: (delivery.at, delivery.body))


def _events(
    rng: random.Random, day: date, quota: int, number: int, later: dict[date, list[Group]]
) -> list[Delivery]:
    """Exactly `quota` distinct dated deliveries; what happens on coming days goes to `later`."""
    events = _faulty(rng, day, number)[: quota // 10]
    for group in later.pop(day, []):
        if len(events) + len(group) <= quota:
            events += group
    distinct = {event.body for event in events}
    while len(events) < quota:
        if events and rng.random() < 0.015:
            again = respelled(rng, rng.choice(events))
            if again.body not in distinct:
                distinct.add(again.body)
                events.append(again)
            continue
        for group in story(rng, day):
            if group[0].day != day:
                later[group[0].day].append(group)
            elif len(events) + len(group) <= quota:
                events += group
                distinct.update(event.body for event in group)
            else:
                break  # what follows it did not happen either
    return events


def _faulty(rng: random.Random, day: date, number: int) -> list[Delivery]:
    """Four of the dated faults; over a week each comes twice or more."""
    events = []
    for position in range(4):
        event = story(rng, day)[0][0]
        envelope = json.loads(event.body)
        faults.DATED[(4 * number + position) % len(faults.DATED)](envelope)
        events.append(Delivery(event.at, day, "event", compact(envelope)))
    return events


def _on_top(rng: random.Random, day: date, number: int) -> list[Delivery]:
    """One undated and two unreadable deliveries of the day."""
    envelope = json.loads(story(rng, day)[0][0].body)
    made = [("undated", faults.undated(number, envelope))]
    made += [("unreadable", faults.unreadable(2 * number + extra, rng)) for extra in (0, 1)]
    return [Delivery(moment(rng, day) + delay(rng), day, kind, body) for kind, body in made]


def _repeat(rng: random.Random, event: Delivery) -> Delivery:
    pause = timedelta(minutes=rng.uniform(0.5, 240))
    return Delivery(event.at + pause, event.day, "repeat", event.body)
