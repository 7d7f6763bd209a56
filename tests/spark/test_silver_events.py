"""Silver events over one or more runs: which delivery stands, rejects, repeats, failures."""

from __future__ import annotations

import itertools
import random
from datetime import date

import pytest
from lakehouse import bookings, channels, events_silver, rejected_events
from lakehouse.delivery_rows import delivery_rows
from lakehouse.events_silver import LostObjectsError, accounting, write_deliveries
from pyspark.sql import functions as F

from tests.support.bronze_objects import API, delivery


def counts(account):
    return tuple(account[name] for name in ("read", "winners", "superseded", "rejected"))


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


@pytest.fixture(scope="module")
def in_order(silver_at, tmp_path_factory):
    """The story, written by one run; only read by the tests."""
    with silver_at(tmp_path_factory.mktemp("in-order")) as made:
        made.account = made.write(*STORY)
    return made


def test_the_newest_delivery_of_each_invitee_wins(in_order):
    assert counts(in_order.account) == (10, 5, 5, 0)
    assert in_order.select("fact_bookings", "invitee_id", "bronze_key", "status") == WINNERS
    assert in_order.select("fact_events", "data_payload_uri", "data_payload_name") == [
        (f"{API}/scheduled_events/E1/invitees/{invitee}", name)
        for invitee, name in zip("ABCDE", (None, None, "second", "same", None), strict=True)
    ]


@pytest.mark.parametrize(("seed", "known"), [(1, False), (2, True)])
def test_deliveries_in_any_order_over_several_runs_give_the_tables_of_their_order(
    silver, in_order, seed, known
):
    objects = [*STORY]
    random.Random(seed).shuffle(objects)
    read = winners_and_losers = 0
    for number, batch in enumerate((objects[:4], objects[4:7], objects[2:]), start=1):
        account = silver.write(*batch, run=f"run-{number}", known=known)
        read += account["read"]
        winners_and_losers += account["winners"] + account["superseded"]
    assert read == winners_and_losers == 15
    assert silver.everything() == in_order.everything()


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
    silver.root += "/new"
    account = silver.write()
    assert counts(account) == (0, 0, 0, 0)
    assert silver.commits() == [1, 1, 1]
    assert silver.everything() == {"fact_events": [], "fact_bookings": []}


def test_a_run_that_dies_between_two_commits_is_healed_by_the_next(spark, silver, monkeypatch):
    silver.write(delivery(name="old", questions_and_answers=[{"answer": "x"}] * 2))
    newer = delivery("k2", created="2026-01-17T10:00:00Z", name="new")

    def die(*_):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(bookings, "upsert", die)
        with pytest.raises(RuntimeError, match="killed"):
            silver.write(newer)
    assert silver.select("fact_bookings", "bronze_key") == [("events/k1.json",)]
    assert not events_silver.are_in_step(spark, silver.root)
    assert silver.write(newer, run="run-2")["new"] == 1
    assert events_silver.are_in_step(spark, silver.root)
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
    assert silver.select("rejected_events") == [
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
    assert len(silver.select("fact_events")) == 1


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


def test_the_outcome_of_objects_is_counted_once_each(spark, silver):
    silver.write()
    standing = silver.read("fact_bookings")
    objects = [*STORY, ("events/bad.json", b"{"), ("events/gone.json", None)]
    verdicts = events_silver.judged(delivery_rows(spark, objects), standing)
    assert sorted(row.bronze_key for row in verdicts.collect()) == sorted(k for k, _ in objects)
    found = events_silver.summary(verdicts, F.col("is_new"))
    assert found.counts == {
        "winner": 5, "superseded": 5, "rejected": 1, "vanished": 1, "new": 5,
    }  # fmt: skip
    assert (found.written, found.days) == (5, frozenset())
    assert found.ends == ("events/a1.json", "events/gone.json")


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
