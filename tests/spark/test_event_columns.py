"""The shape of fact_events, the documented bronze schema, and what Python and SQL must agree on."""

from __future__ import annotations

import json
import os
import time

import pytest
from lakehouse.bookings import bookings
from lakehouse.delivery_rows import delivery_rows
from lakehouse.documented_bronze import documented_events
from lakehouse.exact_times import SETTINGS, keep_times_exact
from lakehouse.fact_events import FACT_EVENTS, exploded
from lakehouse.uris import last_segment, last_segment_sql

# As documented, a group of names per line: prefix, then the names.
DOCUMENTED = """
: ingestion_time source data_created_at data_created_by data_event
data_payload_: cancel_url created_at email event first_name invitee_scheduled_by last_name name
data_payload_: new_invitee no_show old_invitee payment reschedule_url rescheduled
data_payload_: routing_form_submission scheduling_method status textReminder_number timezone
data_payload_: updated_at uri reconfirmation_confirmed_at reconfirmation_created_at
data_payload_scheduled_event_: created_at end_time event_type meeting_notes_html
data_payload_scheduled_event_: meeting_notes_plain name start_time status updated_at uri
data_payload_tracking_: salesforce_uuid utm_campaign utm_content utm_medium utm_source utm_term
data_payload_questions_and_answers_: answer position question
data_payload_scheduled_event_invitees_counter_: active limit total
data_payload_scheduled_event_location_: join_url location status type
data_payload_scheduled_event_event_guests_: created_at email updated_at
data_payload_scheduled_event_event_memberships_: user user_email user_name
data_payload_scheduled_event_location_data_: id password extra_intl_numbers_url
data_payload_scheduled_event_location_data_settings_global_dial_in_numbers_: city country
data_payload_scheduled_event_location_data_settings_global_dial_in_numbers_: country_name number
data_payload_scheduled_event_location_data_settings_global_dial_in_numbers_: type
: event_date
"""
OTHER_TYPES = {
    "data_payload_rescheduled": "boolean",
    "data_payload_questions_and_answers_position": "bigint",
    "data_payload_scheduled_event_invitees_counter_active": "bigint",
    "data_payload_scheduled_event_invitees_counter_limit": "bigint",
    "data_payload_scheduled_event_invitees_counter_total": "bigint",
    "data_payload_scheduled_event_location_data_id": "bigint",
    "event_date": "date",
}


def test_fact_events_has_the_68_documented_columns_in_order_and_its_partition(spark):
    expected = []
    for line in DOCUMENTED.strip().split("\n"):
        prefix, _, names = line.partition(":")
        expected += [f"{prefix}{name}" for name in names.split()]
    assert len(expected) == 69
    rows = exploded(delivery_rows(spark, []))
    assert rows.dtypes == [(name, OTHER_TYPES.get(name, "string")) for name in expected]
    assert [(f.name, f.dataType.simpleString()) for f in FACT_EVENTS] == rows.dtypes


def test_every_column_holds_the_value_of_its_own_field(spark):
    values = {}

    def value(path):
        name = path.replace(".", "_")
        values[name] = {"bigint": len(values), "boolean": True}.get(OTHER_TYPES.get(name), path)
        return values[name]

    def fields(path, *names):
        return {name: value(f"{path}.{name}") for name in names}

    scheduled, payload = "data.payload.scheduled_event", "data.payload"
    location = f"{scheduled}.location"
    numbers = f"{location}.data.settings.global_dial_in_numbers"
    members, guests = f"{scheduled}.event_memberships", f"{scheduled}.event_guests"
    # What validation requires to be a time, an event and a URI stands as such.
    fixed = {
        "data_event": "invitee.created",
        "data_created_at": "2026-01-16T10:00:00Z",
        "data_payload_scheduled_event_start_time": "2026-01-20T10:00:00Z",
    }
    bronze = {
        "ingestion_time": value("ingestion_time"),
        "source": value("source"),
        "data": {
            **fields("data", "created_by"),
            "event": fixed["data_event"],
            "created_at": fixed["data_created_at"],
            "payload": {
                **fields(payload, "cancel_url", "created_at", "email", "event", "first_name"),
                **fields(payload, "invitee_scheduled_by", "last_name", "name", "new_invitee"),
                **fields(payload, "old_invitee", "reschedule_url", "rescheduled", "status"),
                **fields(payload, "routing_form_submission", "scheduling_method", "timezone"),
                **fields(payload, "updated_at", "uri"),
                "no_show": {"uri": "n"},
                "payment": {"amount": 1},
                "text_reminder_number": value(f"{payload}.textReminder_number"),
                "reconfirmation": fields(f"{payload}.reconfirmation", "confirmed_at", "created_at"),
                "tracking": fields(
                    f"{payload}.tracking", "salesforce_uuid", "utm_campaign", "utm_content",
                    "utm_medium", "utm_source", "utm_term",
                ),
                "questions_and_answers": [
                    fields(f"{payload}.questions_and_answers", "answer", "position", "question")
                ],
                "scheduled_event": {
                    **fields(scheduled, "created_at", "end_time", "event_type", "name", "status"),
                    **fields(scheduled, "meeting_notes_html", "meeting_notes_plain", "uri"),
                    **fields(scheduled, "updated_at"),
                    "start_time": fixed["data_payload_scheduled_event_start_time"],
                    "invitees_counter": fields(
                        f"{scheduled}.invitees_counter", "active", "limit", "total"
                    ),
                    "event_memberships": [fields(members, "user", "user_email", "user_name")],
                    "event_guests": [fields(guests, "created_at", "email", "updated_at")],
                    "location": {
                        **fields(location, "join_url", "location", "status", "type"),
                        "data": {
                            **fields(f"{location}.data", "id", "password"),
                            "extra": fields(f"{location}.data.extra", "intl_numbers_url"),
                            "settings": {
                                "global_dial_in_numbers": [
                                    fields(
                                        numbers, "city", "country", "country_name", "number",
                                        "type",
                                    )
                                ]
                            },
                        },
                    },
                },
            },
        },
    }  # fmt: skip
    row = exploded(delivery_rows(spark, [("k", json.dumps(bronze).encode())])).first().asDict()
    assert str(row.pop("event_date")) == "2026-01-16"
    json_texts = {"data_payload_no_show": '{"uri":"n"}', "data_payload_payment": '{"amount":1}'}
    assert row == {**values, **fixed, **json_texts}


URIS = [
    None, "", "/", " ", "I1", "a/I1", "a/I1/", "a/I1 / ", "a/ I 1 ", "a/I1?x=1/2", "a/I1#x/y?z",
    "a//", "?a/b", "#", "a/\tI1\n", "a/I\x00", "a/é😀", "https://api.calendly.com/x/I-1",
]  # fmt: skip


def test_the_last_segment_is_the_same_in_python_and_sql(spark):
    uris = spark.createDataFrame([(n, uri) for n, uri in enumerate(URIS)], "n int, uri string")
    found = uris.selectExpr("n", f"{last_segment_sql('uri')} AS segment").orderBy("n").collect()
    assert [row.segment for row in found] == [last_segment(uri) for uri in URIS]
    assert [last_segment(uri) for uri in URIS[:10]] == [
        None, None, None, None, "I1", "I1", "I1", "I1", "I 1", "I1",
    ]  # fmt: skip


def test_the_documented_bronze_schema_is_a_projection(spark):
    data = {
        "event": "invitee.created",
        "created_at": "2026-01-16T10:00:00.5Z",
        "payload": {
            "uri": "https://api.calendly.com/scheduled_events/E1/invitees/I1",
            "email": "ann@example.com",
            "tracking": {"utm_source": "youtube", "utm_campaign": None},
            "scheduled_event": {
                "start_time": "2026-01-20T17:00:00+02:00",
                "event_type": "https://api.calendly.com/event_types/T1",
            },
        },
    }
    texts = [(json.dumps({"data": data}),), ("{",)]
    found = documented_events(spark.createDataFrame(texts, "value string"), "value")
    assert found.dtypes == [
        ("event_created_at", "timestamp"),
        ("invitee_id", "string"),
        ("invitee_email", "string"),
        ("scheduled_event_start_time", "timestamp"),
        ("event_type", "string"),
        ("utm_source", "string"),
        ("utm_campaign", "string"),
        ("raw_payload", "string"),
    ]
    first, second = found.withColumns(
        {
            "event_created_at": found.event_created_at.cast("string"),
            "scheduled_event_start_time": found.scheduled_event_start_time.cast("string"),
        }
    ).collect()
    assert tuple(first)[:7] == (
        "2026-01-16 10:00:00.5", "I1", "ann@example.com", "2026-01-20 15:00:00",
        "https://api.calendly.com/event_types/T1", "youtube", None,
    )  # fmt: skip
    assert json.loads(first.raw_payload) == data
    assert tuple(second) == (None,) * 8


@pytest.fixture
def new_york(spark, monkeypatch):
    before = {name: spark.conf.get(name) for name in SETTINGS}
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    monkeypatch.setitem(os.environ, "TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
    for name, value in before.items():
        spark.conf.set(name, value)


@pytest.mark.parametrize(
    ("text", "day", "second"),
    [
        ("2026-03-08T07:30:00Z", "2026-03-08", 1772955000),
        ("2026-03-08T02:30:00Z", "2026-03-08", 1772937000),
        ("2026-11-01T05:30:00Z", "2026-11-01", 1793511000),
        ("2026-11-01T06:30:00Z", "2026-11-01", 1793514600),
        ("2026-01-17T03:30:00Z", "2026-01-17", 1768620600),
    ],
)
def test_moments_and_dates_do_not_depend_on_the_machine_s_zone(spark, new_york, text, day, second):
    keep_times_exact(spark)
    data = {
        "event": "invitee.created",
        "created_at": text,
        "payload": {"uri": "I1", "scheduled_event": {"start_time": text}},
    }
    rows = bookings(delivery_rows(spark, [("k", json.dumps({"data": data}).encode())]))
    found = rows.selectExpr(
        "string(event_date)",
        "string(booking_date)",
        "unix_seconds(event_created_at)",
        "unix_seconds(event_start_time)",
    )
    assert [tuple(row) for row in found.collect()] == [(day, day, second, second)]
