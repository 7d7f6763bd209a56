"""A delivery's personal data is hidden, and what explains a number stays."""

from __future__ import annotations

import json

from pipeline.masking import masked, masked_body

BODY = {
    "event": "invitee.canceled",
    "payload": {
        "uri": "https://api.calendly.com/scheduled_events/E1/invitees/I1",
        "name": "Ana Silva",
        "first_name": "Ana",
        "email": "ana.silva@example.com",
        "status": "canceled",
        "text_reminder_number": "+1 555 0100",
        "cancel_url": "https://calendly.com/cancellations/I1",
        "questions_and_answers": [{"question": "Guests?", "answer": "My wife Eva", "position": 0}],
        "cancellation": {"canceled_by": "Ben Ode", "reason": "I am ill", "canceler_type": "host"},
        "tracking": {"utm_campaign": "spring", "utm_content": "ana.silva@example.com"},
        "scheduled_event": {
            "name": "Call of Ana Silva with Ben",
            "event_memberships": [
                {"user": "https://api.calendly.com/users/U1", "user_name": "Ben Ode"}
            ],
            "event_guests": [{"email": "eva@example.com"}],
            "location": {"type": "physical", "location": "1 High Street"},
        },
    },
}


def test_names_addresses_free_texts_and_secret_links_are_hidden():
    assert masked(BODY) == {
        "event": "invitee.canceled",
        "payload": {
            "uri": "https://api.calendly.com/scheduled_events/E1/invitees/I1",
            "name": "A••• S•••",
            "first_name": "A•••",
            "email": "a•••@•••",
            "status": "canceled",
            "text_reminder_number": "•••",
            "cancel_url": "https://calendly.com/•••",
            "questions_and_answers": [{"question": "Guests?", "answer": "•••", "position": 0}],
            "cancellation": {"canceled_by": "B••• O•••", "reason": "•••", "canceler_type": "host"},
            "tracking": {"utm_campaign": "spring", "utm_content": "a•••@•••"},
            "scheduled_event": {
                "name": "Call of A••• S••• with B•••",
                "event_memberships": [
                    {"user": "https://api.calendly.com/users/U1", "user_name": "B••• O•••"}
                ],
                "event_guests": [{"email": "e•••@•••"}],
                "location": {"type": "physical", "location": "•••"},
            },
        },
    }


def test_a_body_is_indented_json_and_what_is_none_is_hidden_as_a_whole():
    assert masked_body(b'{"name": "Ana"}') == '{\n  "name": "A•••"\n}'
    hidden = masked_body(b"name=Ana Silva")
    assert hidden == "(14 bytes that are no JSON: masked as a whole)"


def test_nothing_of_a_name_is_left_anywhere():
    shown = masked_body(json.dumps(BODY).encode())
    for word in ("Ana", "Silva", "silva", "Ben", "Ode", "Eva", "eva", "0100", "Street", "ill"):
        assert word not in shown
