"""The columns of fact_events and fact_bookings, from the bytes of bronze objects."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from lakehouse import bookings
from lakehouse.delivery_rows import delivery_rows

from tests.support.bronze_objects import API, YOUTUBE, delivery


def test_a_delivery_becomes_one_booking_with_every_column(silver):
    members = [
        {"user_email": " Ann@Example.COM ", "user_name": "Ann"},
        {"user": f"{API}/users/U2", "user_email": "bob@example.com"},
        {"user": f"{API}/users/U3/"},
        "nobody",
    ]
    silver.write(
        delivery(
            created="2026-01-16T23:30:00-05:00",
            start="2026-01-20T23:30:00.25Z",
            ingested="2026-01-18T01:02:03.000004",
            event_type=YOUTUBE,
            scheduled={"event_memberships": members},
        )
    )
    assert silver.read("fact_bookings").first().asDict() == {
        "event_date": date(2026, 1, 17),
        "invitee_id": "I1",
        "booking_date": date(2026, 1, 20),
        "channel": "youtube",
        "employee_email": "ann@example.com",
        "event_start_time": local(datetime(2026, 1, 20, 23, 30, 0, 250_000, tzinfo=UTC)),
        "ingestion_date": date(2026, 1, 18),
        "is_valid_record": True,
        "event": "invitee.created",
        "employee_ids": ["U2", "U3"],
        "scheduled_event_id": "E1",
        "event_type_id": YOUTUBE,
        "event_created_at": local(datetime(2026, 1, 17, 4, 30, tzinfo=UTC)),
        "ingestion_time": local(datetime(2026, 1, 18, 1, 2, 3, 4, tzinfo=UTC)),
        "status": "active",
        "rescheduled": False,
        "bronze_key": "events/k1.json",
    }
    assert silver.read("fact_bookings").columns[:8] == [
        "event_date", "invitee_id", "booking_date", "channel", "employee_email",
        "event_start_time", "ingestion_date", "is_valid_record",
    ]  # fmt: skip


def local(moment):
    """The moment as PySpark hands it out: without a zone, in that of the Python process."""
    return moment.astimezone().replace(tzinfo=None)


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        ({"status": "active", "no_show": None}, "active"),
        ({"status": "canceled", "no_show": {"uri": "n"}}, "canceled"),
        ({"status": " canceled "}, "canceled"),
        ({"status": "active", "no_show": {}}, "no_show"),
        ({"status": 5, "no_show": "n"}, "active"),
    ],
)
def test_the_status_comes_from_the_payload(spark, payload, status):
    rows = bookings.bookings(delivery_rows(spark, [delivery(**payload)]))
    assert [row.status for row in rows.collect()] == [status]


def test_what_a_delivery_lacks_is_null_in_its_booking(spark):
    key, raw = delivery(rescheduled="no", event=f"{API}/scheduled_events/E9/")
    whole = json.loads(raw)
    whole["data"]["event"] = "invitee.created"
    whole["data"]["payload"]["event"] = f"{API}/scheduled_events/E9/"
    whole["data"]["payload"]["scheduled_event"] = {
        "start_time": "2026-01-20T15:00:00Z",
        "event_memberships": [{"user": " ", "user_email": "  "}],
    }
    del whole["ingestion_time"]
    objects = [(key, json.dumps(whole).encode())]
    row = bookings.bookings(delivery_rows(spark, objects)).first()
    found = (row.rescheduled, row.employee_email, row.employee_ids, row.scheduled_event_id)
    assert found == (None, None, [], "E9")
    assert (row.event_type_id, row.channel, row.ingestion_date) == (None, "others", None)


def test_arrays_explode_to_every_combination_and_empty_ones_leave_a_row(silver):
    silver.write(
        delivery(
            questions_and_answers=[
                {"question": "Q1", "answer": "A1", "position": 0},
                {"question": "Q2", "answer": "A2", "position": 1},
            ],
            scheduled={
                "event_memberships": [{"user": "U1"}, {"user": "U2"}],
                "event_guests": [],
                "location": {
                    "type": "zoom",
                    "data": {"id": "77", "settings": {"global_dial_in_numbers": [{"city": "C"}]}},
                },
            },
        ),
        delivery("k2", "I2"),
    )
    scheduled = "data_payload_scheduled_event"
    found = silver.select(
        "fact_events",
        "data_payload_questions_and_answers_answer",
        "data_payload_questions_and_answers_position",
        f"{scheduled}_event_memberships_user",
        f"{scheduled}_event_guests_email",
        f"{scheduled}_location_data_id",
        f"{scheduled}_location_data_settings_global_dial_in_numbers_city",
        "event_date",
    )
    day = date(2026, 1, 16)
    assert found == [
        ("A1", 0, "U1", None, 77, "C", day),
        ("A1", 0, "U2", None, 77, "C", day),
        ("A2", 1, "U1", None, 77, "C", day),
        ("A2", 1, "U2", None, 77, "C", day),
        (None, None, None, None, None, None, day),
    ]


def test_times_of_any_year_and_texts_with_nul_are_stored_as_they_are(spark, silver):
    silver.write(
        delivery("k1", "old", created="0001-01-02T00:00:00Z", start="1582-10-10T00:00:00Z"),
        delivery("k2", "nul\x00l", start="9999-12-31T23:59:59.999999Z", name="a\x00b"),
    )
    assert silver.select("fact_bookings", "invitee_id", "booking_date", "event_date") == [
        ("nul\x00l", date(9999, 12, 31), date(2026, 1, 16)),
        ("old", date(1582, 10, 10), date(1, 1, 2)),
    ]
    silver.write(delivery("k3", "nul\x00l", created="2026-01-17T10:00:00Z", name="c"))
    assert len(silver.select("fact_events")) == 2


def test_unknown_fields_are_counted_and_stop_nothing(silver):
    account = silver.write(
        delivery("k1", "I1", mood="fine", cancellation={"reason": "x"}),
        delivery("k2", "I2", mood=1, scheduled={"calendar_event": {}}),
    )
    assert account["drift"] == {
        "data.payload.mood": 2,
        "data.payload.scheduled_event.calendar_event": 1,
    }
