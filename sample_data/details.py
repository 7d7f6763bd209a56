"""What an invitee fills in: answers, tracking, payment, reminders."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sample_data.locations import phone
from sample_data.people import API, uuid4

QUESTIONS = (
    ("What would you like to talk about?", "Career change", "A review of my plan", "Not sure yet"),
    ("How did you hear about us?", "A friend", "A video", "Search"),
    ("What is your experience?", "None", "One to three years", "More than three years"),
    ("Anything else that helps us prepare?", "No", "I may be five minutes late", "See my notes"),
)
CAMPAIGNS = ("spring_intro", "career_switch", "webinar_replay")


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def details(rng: random.Random, booked_at: datetime, host_uri: str) -> dict[str, Any]:
    asked = rng.sample(QUESTIONS, rng.choices((0, 1, 2, 3), (22, 38, 26, 14))[0])
    reminder = phone(rng) if rng.random() < 0.2 else None
    # The name in Calendly's text, and (rarely) the one in the published bronze objects.
    reminder_name = "text_reminder_number" if rng.random() < 0.9 else "textReminder_number"
    tracked = rng.random() < 0.3
    return {
        "invitee_scheduled_by": host_uri if rng.random() < 0.05 else None,
        "old_invitee": None,
        "payment": _payment(rng) if rng.random() < 0.04 else None,
        "questions_and_answers": [
            {"question": question, "answer": rng.choice(answers), "position": position}
            for position, (question, *answers) in enumerate(asked)
        ],
        "reconfirmation": _reconfirmation(rng, booked_at) if rng.random() < 0.04 else None,
        "routing_form_submission": (
            f"{API}/routing_form_submissions/{uuid4(rng)}" if rng.random() < 0.06 else None
        ),
        "scheduling_method": rng.choice((None, "instant_book")),
        reminder_name: reminder,
        "tracking": {
            "utm_campaign": rng.choice(CAMPAIGNS) if tracked else None,
            "utm_source": rng.choice(("newsletter", "video", "social")) if tracked else None,
            "utm_medium": "link" if tracked else None,
            "utm_content": None,
            "utm_term": None,
            "salesforce_uuid": None,
        },
    }


def _reconfirmation(rng: random.Random, booked_at: datetime) -> dict[str, Any]:
    confirmed = stamp(booked_at + timedelta(minutes=rng.randrange(1, 60)))
    return {"created_at": stamp(booked_at), "confirmed_at": rng.choice((None, confirmed))}


def _payment(rng: random.Random) -> dict[str, Any]:
    """The amount is text in Calendly's newer text and a number in the older one."""
    cents = rng.randrange(20, 200) * 100
    return {
        "external_id": f"ch_{rng.getrandbits(64):016x}",
        "provider": "stripe",
        "amount": rng.choice((f"{cents / 100:.2f}", cents / 100)),
        "currency": "USD",
        "terms": "Refundable until a day before the meeting",
        "successful": True,
    }
