"""fact_events, fact_bookings and rejected_events, from the bytes of bronze objects."""

from __future__ import annotations

import itertools
import json
import random
from datetime import UTC, date, datetime

import pytest
from lakehouse import bookings, channels, events_silver, rejected_events
from lakehouse.delivery_rows import delivery_rows
from lakehouse.delta_tables import read_table
from lakehouse.events_silver import LostObjectsError, accounting, write_deliveries
from lakehouse.exact_times import SETTINGS, keep_times_exact

API = "https://api.calendly.com"
YOUTUBE = "dbb4ec50-38cd-4bcd-bbff-efb7b5a6f098"
TABLES = ("fact_events", "fact_bookings", "rejected_events")


def delivery(
    key="k1",
    invitee="I1",
    event="invitee.created",
    created="2026-01-16T10:00:00Z",
    start="2026-01-20T15:00:00Z",
    ingested="2026-12-01T00:00:00.000000",
    event_type="T1",
    scheduled=None,
    **payload,
):
    body = {
        "event": event,
        "created_at": created,
        "payload": {
            "uri": f"{API}/scheduled_events/E1/invitees/{invitee}",
            "status": "active",
            "rescheduled": False,
            **payload,
            "scheduled_event": {
                "uri": f"{API}/scheduled_events/E1",
                "event_type": f"{API}/event_types/{event_type}",
                "start_time": start,
                **(scheduled or {}),
            },
        },
    }
    whole = {"ingestion_time": ingested, "source": "calendly_webhook", "data": body}
    return f"events/{key}.json", json.dumps(whole).encode()


@pytest.fixture
def silver(spark, tmp_path):
    before = {name: spark.conf.get(name) for name in SETTINGS}
    keep_times_exact(spark)

    class Silver:
        root = str(tmp_path)

        def write(self, *objects, run="run-1", rewrite=False):
            rows = delivery_rows(spark, objects)
            return write_deliveries(rows, len(objects), self.root, run, rewrite)

        def read(self, name):
            return read_table(spark, f"{self.root}/{name}")

        def select(self, name, *columns):
            return sorted((tuple(r) for r in self.read(name).select(*columns).collect()), key=str)

        def everything(self):
            return {name: self.select(name, "*") for name in TABLES[:2]}

        def commits(self):
            return [
                spark.sql(f"DESCRIBE HISTORY delta.`{self.root}/{name}`").count() for name in TABLES
            ]

    yield Silver()
    for name, value in before.items():
        spark.conf.set(name, value)


def counts(account):
    return tuple(account[name] for name in ("read", "winners", "superseded", "rejected"))


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


STORY = (
    delivery("a1", "A", created="2026-01-14T10:00:00Z"),
    delivery("a2", "A", "invitee.canceled", "2026-01-15T10:00:00Z", status="canceled"),
    delivery("b1", "B", created="2026-01-14T11:00:00Z"),
    delivery("b2", "B", "invitee_no_show.created", "2026-01-16T11:00:00Z", no_show={"uri": "n"}),
    delivery("b3", "B", "invitee_no_show.deleted", "2026-01-16T11:00:00.000Z", no_show=None),
    # Of one moment in two zones: as text the first is the greater one.
    delivery("c1", "C", created="2026-01-16T12:00:00+02:00", name="first"),
    delivery("c2", "C", created="2026-01-16T10:00:00.5Z", name="second"),
    delivery("d1", "D", name="same", questions_and_answers=[{"answer": "x"}, {"answer": "y"}]),
    delivery("d2", "D", name="same"),
    delivery("e2", "E", "invitee.canceled", "2026-01-16T10:00:00Z", status="canceled"),
)
WINNERS = [
    ("A", "events/a2.json", "canceled"),
    ("B", "events/b3.json", "active"),
    ("C", "events/c2.json", "active"),
    ("D", "events/d2.json", "active"),
    ("E", "events/e2.json", "canceled"),
]


def test_the_newest_delivery_of_each_invitee_wins(silver):
    assert counts(silver.write(*STORY)) == (10, 5, 5, 0)
    assert silver.select("fact_bookings", "invitee_id", "bronze_key", "status") == WINNERS
    assert silver.select("fact_events", "data_payload_uri", "data_payload_name") == [
        (f"{API}/scheduled_events/E1/invitees/{invitee}", name)
        for invitee, name in zip("ABCDE", (None, None, "second", "same", None), strict=True)
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_deliveries_in_any_order_over_several_runs_give_the_tables_of_their_order(silver, seed):
    objects = [*STORY]
    random.Random(seed).shuffle(objects)
    read = winners_and_losers = 0
    for number, batch in enumerate((objects[:4], objects[4:7], objects[2:]), start=1):
        account = silver.write(*batch, run=f"run-{number}")
        read += account["read"]
        winners_and_losers += account["winners"] + account["superseded"]
    assert read == winners_and_losers == 15
    shuffled = silver.everything()
    silver.root += "/in-order"
    silver.write(*STORY)
    assert shuffled == silver.everything()


def test_a_late_older_delivery_is_superseded_and_a_reread_winner_stays_one(silver):
    newest = delivery("new", created="2026-01-16T10:00:00Z", name="newest")
    silver.write(newest)
    late = delivery("old", created="2025-11-16T10:00:00Z", name="older")
    before, commits = silver.everything(), silver.commits()
    account = silver.write(late, newest, run="run-2")
    assert counts(account) == (2, 1, 1, 0)
    assert account["new"] == 0
    assert silver.everything() == before
    assert silver.commits() == commits


def test_a_winner_on_another_date_leaves_nothing_in_the_old_partition(silver):
    rows = {"questions_and_answers": [{"answer": "x"}, {"answer": "y"}]}
    silver.write(delivery("k1", created="2026-01-14T10:00:00Z", **rows), delivery("k2", "I2"))
    silver.write(delivery("k3", "I1", "invitee.canceled", "2026-01-18T10:00:00Z"))
    expected = [(date(2026, 1, 16), "I2"), (date(2026, 1, 18), "I1")]
    assert silver.select("fact_bookings", "event_date", "invitee_id") == expected
    assert silver.select("fact_events", "event_date") == [(day,) for day, _ in expected]


def test_another_form_of_the_invitee_s_uri_is_the_same_invitee(silver):
    silver.write(delivery())
    silver.write(delivery("k2", created="2026-01-17T10:00:00Z", uri=" other/I1/ ?x=/y"))
    assert silver.select("fact_events", "data_payload_uri") == [(" other/I1/ ?x=/y",)]
    assert silver.select("fact_bookings", "invitee_id", "bronze_key") == [("I1", "events/k2.json")]


def test_a_second_run_over_the_same_objects_commits_nothing(silver):
    objects = (*STORY, ("events/bad.json", b"{"))
    first = silver.write(*objects)
    before, commits = silver.everything(), silver.commits()
    second = silver.write(*objects, run="run-2")
    assert counts(first) == counts(second) == (11, 5, 5, 1)
    assert (first["new"], second["new"]) == (5, 0)
    assert silver.everything() == before
    assert silver.commits() == commits == [2, 2, 2]
    assert silver.select("rejected_events", "run") == [("run-1",)]


def test_a_run_without_objects_makes_the_tables_and_counts_nothing(silver):
    account = silver.write()
    assert counts(account) == (0, 0, 0, 0)
    assert silver.commits() == [1, 1, 1]
    assert silver.everything() == {"fact_events": [], "fact_bookings": []}


def test_a_run_that_dies_between_two_commits_is_healed_by_the_next(silver, monkeypatch):
    silver.write(delivery(name="old", questions_and_answers=[{"answer": "x"}] * 2))
    newer = delivery("k2", created="2026-01-17T10:00:00Z", name="new")

    def die(*_):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(bookings, "upsert", die)
        with pytest.raises(RuntimeError, match="killed"):
            silver.write(newer)
    assert silver.select("fact_bookings", "bronze_key") == [("events/k1.json",)]
    assert silver.write(newer, run="run-2")["new"] == 1
    assert silver.select("fact_bookings", "bronze_key") == [("events/k2.json",)]
    assert silver.select("fact_events", "data_payload_name") == [("new",)]


def test_a_full_run_writes_standing_winners_again(spark, silver):
    silver.write(delivery(name="right"))
    before = silver.everything()
    spark.sql(f"DELETE FROM delta.`{silver.root}/fact_events`")
    spark.sql(f"UPDATE delta.`{silver.root}/fact_bookings` SET status = 'wrong'")
    silver.write(delivery(name="right"))
    assert silver.everything() != before
    silver.write(delivery(name="right"), rewrite=True)
    assert silver.everything() == before


def test_a_channel_that_is_configured_later_takes_its_standing_bookings(silver, monkeypatch):
    silver.write(delivery(event_type="T9"), delivery("k2", "I2"))
    with monkeypatch.context() as patch:
        patch.setattr(channels, "_channel_by_event_type", lambda: {"T9": "radio"})
        silver.write()
    expected = [("I1", "radio"), ("I2", "others")]
    assert silver.select("fact_bookings", "invitee_id", "channel") == expected


def test_rejects_are_kept_with_their_reasons_text_and_first_run(silver):
    bad = ("events/bad.json", b'{"ingestion_time": "caf\xc3\xa9 \xff"')
    key, teleported = delivery("t", event="invitee.teleported")
    account = silver.write(bad, (key, teleported), delivery())
    assert counts(account) == (3, 1, 0, 2)
    silver.write(bad, ("events/late.json", b"[]"), run="run-2")
    assert silver.select("rejected_events", "*") == [
        ("events/bad.json", ["unparsable_json"], '{"ingestion_time": "café \ufffd"', "run-1"),
        ("events/late.json", ["unparsable_json"], "[]", "run-2"),
        ("events/t.json", ["unsupported_event"], teleported.decode(), "run-1"),
    ]


def test_a_reject_that_is_accepted_by_today_s_rules_leaves_the_rejects(spark, silver):
    silver.write(("events/k1.json", b"{"), ("events/k2.json", b"{"))
    rows = delivery_rows(spark, [delivery("k1"), ("events/k2.json", None)])
    rejected_events.store_rejects(rows, f"{silver.root}/rejected_events", "run-2")
    assert silver.select("rejected_events", "bronze_key") == [("events/k2.json",)]


def test_a_body_that_would_explode_to_ten_to_the_thirteenth_rows_is_a_reject(silver):
    many = [{}] * 1779
    bomb = delivery(
        "bomb",
        questions_and_answers=many,
        scheduled={
            "event_guests": many,
            "event_memberships": many,
            "location": {"data": {"settings": {"global_dial_in_numbers": many}}},
        },
    )
    assert counts(silver.write(bomb, delivery())) == (2, 1, 0, 1)
    assert silver.select("rejected_events", "bronze_key", "reasons") == [
        ("events/bomb.json", ["too_many_rows"])
    ]
    assert silver.read("fact_events").count() == 1


def test_a_vanished_object_is_not_read_and_nothing_else_may_be_missing(silver):
    account = silver.write(delivery(), ("events/gone.json", None))
    assert counts(account) == (1, 1, 0, 0)
    assert account["vanished"] == 1
    assert silver.commits()[2] == 1
    with pytest.raises(LostObjectsError, match="Expected read = winners"):
        accounting({"winner": 1, "superseded": 1, "rejected": 1}, expected=4)


def test_lost_objects_fail_the_run_before_anything_is_written(spark, silver):
    rows = delivery_rows(spark, [delivery()])
    with pytest.raises(LostObjectsError):
        write_deliveries(rows, 2, silver.root, "run-1", rewrite=False)
    assert silver.commits() == [1, 1, 1]


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
    assert silver.read("fact_events").count() == 2


def test_unknown_fields_are_counted_and_stop_nothing(silver):
    account = silver.write(
        delivery("k1", "I1", mood="fine", cancellation={"reason": "x"}),
        delivery("k2", "I2", mood=1, scheduled={"calendar_event": {}}),
    )
    assert account["drift"] == {
        "data.payload.mood": 2,
        "data.payload.scheduled_event.calendar_event": 1,
    }


def test_the_outcome_of_objects_is_counted_once_each(spark, silver):
    silver.write()
    standing = silver.read("fact_bookings")
    objects = [*STORY, ("events/bad.json", b"{"), ("events/gone.json", None)]
    verdicts = events_silver.judged(delivery_rows(spark, objects), standing)
    assert sorted(row.bronze_key for row in verdicts.collect()) == sorted(k for k, _ in objects)
    assert events_silver.outcome_counts(verdicts) == {
        "winner": 5, "superseded": 5, "rejected": 1, "vanished": 1, "new": 5,
    }  # fmt: skip


def test_every_pair_of_events_at_one_moment_is_won_by_the_later_kind(spark, silver):
    silver.write()
    events = (
        "invitee.created",
        "invitee.canceled",
        "invitee_no_show.created",
        "invitee_no_show.deleted",
    )
    objects = [
        # Keys in the opposite order, so that they cannot decide.
        delivery(f"{9 - events.index(event)}", f"{one}+{other}", event)
        for one, other in itertools.combinations(events, 2)
        for event in (one, other)
    ]
    verdicts = events_silver.judged(delivery_rows(spark, objects), silver.read("fact_bookings"))
    won = {r.invitee_id: r.event for r in verdicts.where("outcome = 'winner'").collect()}
    assert won == {f"{one}+{other}": other for one, other in itertools.combinations(events, 2)}
