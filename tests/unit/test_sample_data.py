"""The sample: its counts, totals and contents, and that the recording is what is generated."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sample_data import generator, recorded, spend_source
from sample_data.spend import spend_files
from tests.support.recorded_week import DELIVERIES_OF_DAYS


@pytest.fixture(scope="module")
def sample():
    return recorded.read_deliveries()


@pytest.fixture(scope="module")
def dated(sample):
    return [json.loads(one.body) for one in sample if one.kind == "event"]


def test_the_recorded_set_is_what_the_generator_makes():
    made = recorded.files(generator.deliveries(6, generator.quotas()), 6)

    found = {}
    for path in recorded.FOLDER.rglob("*.*"):
        content = path.read_bytes()
        name = path.relative_to(recorded.FOLDER).as_posix()
        found[name] = gzip.decompress(content) if path.suffix == ".gz" else content
    assert found == made


def test_each_day_has_the_published_number_of_distinct_bodies_by_utc_date(sample):
    days = defaultdict(set)
    for one in sample:
        try:
            created_at = datetime.fromisoformat(json.loads(one.body)["created_at"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        days[created_at.astimezone(UTC).date().isoformat()].add(one.body)

    assert {day: len(bodies) for day, bodies in days.items()} == DELIVERIES_OF_DAYS


def test_repeated_undated_and_unreadable_deliveries_come_on_top(sample):
    kinds = Counter(one.kind for one in sample)
    bodies = Counter(one.body for one in sample)

    assert kinds["event"] == 1541
    assert len(sample) - len(bodies) == kinds["repeat"] > 20
    assert kinds["undated"] == 7
    assert kinds["unreadable"] == 14


def test_the_week_has_every_kind_of_event_place_and_change(dated):
    payloads = [one["payload"] for one in dated if one["event"].startswith("invitee")]
    events = [one.get("scheduled_event") or {} for one in payloads]

    assert {
        "invitee.created",
        "invitee.canceled",
        "invitee_no_show.created",
        "invitee_no_show.deleted",
    } <= {one["event"] for one in dated}
    assert {(event.get("location") or {"type": None})["type"] for event in events} == {
        *("zoom", "zoom_conference", "google_conference", "microsoft_teams_conference"),
        *("webex_conference", "gotomeeting", "outbound_call", "inbound_call"),
        *("physical", "ask_invitee", "custom", None),
    }
    assert any(one.get("rescheduled") and one["status"] == "canceled" for one in payloads)
    assert any(event.get("event_guests") for event in events)
    members = [host for event in events for host in event.get("event_memberships", [])]
    assert any("user" not in host for host in members)
    assert len({host["user_email"] for host in members}) == 10
    channels = Counter(event.get("event_type", "/").rsplit("/")[-1] for event in events)
    assert channels["d639ecd3-8718-4068-955a-436b10d72c78"] > 50
    assert channels["dbb4ec50-38cd-4bcd-bbff-efb7b5a6f098"] > 10


def test_a_reschedule_is_a_pair_of_the_old_and_the_new_invitee(dated):
    made = {one["payload"].get("uri"): one for one in dated if one["event"] == "invitee.created"
            if isinstance(one["payload"].get("uri"), str)}  # fmt: skip
    moved = [one for one in dated if one["payload"].get("rescheduled")]

    assert len(moved) > 20
    for one in moved:
        new = made[one["payload"]["new_invitee"]]
        assert new["payload"]["old_invitee"] == one["payload"]["uri"]
        assert new["payload"]["rescheduled"] is False


def test_deliveries_arrive_out_of_order(sample):
    seen, early = set(), 0
    for one in sample:
        if one.kind != "event":
            continue
        body = json.loads(one.body)
        invitee = json.dumps(body["payload"].get("uri"))
        early += body["event"] == "invitee.canceled" and invitee not in seen
        seen.add(invitee)

    assert early > 3


def test_people_are_invented_and_bodies_are_of_calendlys_size(dated, sample):
    mails = {
        value
        for one in dated
        for event in [one["payload"].get("scheduled_event") or {}]
        for value in [
            one["payload"].get("email"),
            *(guest["email"] for guest in event.get("event_guests", [])),
            *(host["user_email"] for host in event.get("event_memberships", [])),
        ]
        if value
    }
    sizes = [len(one.body) for one in sample if one.kind == "event"]

    assert {mail.rpartition("@")[2] for mail in mails} == {"example.com"}
    assert 2000 < sum(sizes) / len(sizes) < 4000


def test_spend_has_the_published_totals_and_rows_for_35_days():
    totals = defaultdict(Decimal)
    rows = {}
    for path in sorted((recorded.FOLDER / "spend").glob("spend_data_*.json")):
        for row in json.loads(path.read_bytes(), parse_float=Decimal):
            assert path.name == f"spend_data_{row['date']}.json"
            totals[row["channel"]] += row["spend"]
            rows[row["date"], row["channel"].split("_")[0]] = row["spend"]

    assert totals == {
        "youtube_paid_ads": Decimal("20207.43"),
        "facebook_paid_ads": Decimal("20260.42"),
        "tiktok_paid_ads": Decimal("13593.57"),
    }
    assert len(rows) == 105
    published = {
        ("2025-12-16", "youtube"): "622.83",
        ("2025-12-16", "facebook"): "510.96",
        ("2025-12-16", "tiktok"): "260.15",
        ("2025-12-17", "youtube"): "775.06",
        ("2025-12-17", "facebook"): "636.82",
        ("2025-12-30", "youtube"): "491.35",
        ("2025-12-30", "facebook"): "537.74",
        ("2025-12-30", "tiktok"): "210.1",
        ("2026-01-11", "youtube"): "408.58",
        ("2026-01-11", "facebook"): "662.43",
        ("2026-01-15", "youtube"): "381.76",
        ("2026-01-15", "facebook"): "473.8",
        ("2026-01-15", "tiktok"): "563.78",
    }
    assert {key: rows[key] for key in published} == {k: Decimal(v) for k, v in published.items()}
    assert all(spend > 0 for spend in rows.values())


def test_the_sources_index_lists_all_35_files_and_is_put_last():
    objects = spend_source.source_objects()

    index = json.loads(objects["calendly_spend_data/file_index.json"])["files"]
    assert list(objects)[-1] == "calendly_spend_data/file_index.json"
    assert list(objects)[:-1] == [f"calendly_spend_data/{name}" for name in index]
    assert (len(index), index[0], index[-1]) == (
        35,
        "spend_data_2025-12-16.json",
        "spend_data_2026-01-19.json",
    )


def test_a_seed_gives_one_sample_and_another_seed_another():
    wanted = generator.quotas(days=2)

    assert generator.deliveries(1, wanted) == generator.deliveries(1, wanted)
    assert generator.deliveries(1, wanted) != generator.deliveries(2, wanted)
    assert spend_files(1) != spend_files(2)


@pytest.mark.parametrize(("days", "per_day"), [(1, 1), (3, 7), (9, 40)])
def test_a_sample_of_any_size_has_exactly_the_wanted_distinct_bodies(days, per_day):
    wanted = generator.quotas(days=days, per_day=per_day)

    found = defaultdict(set)
    for one in generator.deliveries(3, wanted):
        if one.kind == "event":
            found[one.day].add(one.body)

    assert {day: len(bodies) for day, bodies in found.items()} == wanted


def test_the_published_counts_can_be_scaled():
    assert generator.quotas(days=8, scale=2.0)[date(2026, 1, 14)] == 424
    assert generator.quotas(days=8, scale=2.0)[date(2026, 1, 21)] == 424


def test_a_delivery_survives_being_written_and_read(sample):
    for one in sample:
        assert recorded.from_line(recorded.to_line(one), one.day) == one


def test_a_day_that_is_not_recorded_is_an_error_that_names_the_known_ones():
    with pytest.raises(recorded.NoSuchDayError, match="2026-01-14, .* found 2025-01-01"):
        recorded.read_deliveries([date(2025, 1, 1)])
