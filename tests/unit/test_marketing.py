"""What one spend file becomes: spend by channel, and rejects with reasons."""

from __future__ import annotations

from datetime import date

import pytest
from lakehouse.marketing import RejectedRow, day_of_key, spend_day

KEY = "marketing/spend_date=2026-01-15.json"


def row(spend="1.5", channel='"tiktok_paid_ads"', day='"2026-01-15"'):
    return f'{{"date": {day}, "channel": {channel}, "spend": {spend}}}'


def test_a_files_rows_become_spend_by_channel():
    text = f"""[{row("381.76", '"youtube_paid_ads"')},
        {row("473.80", '"facebook_paid_ads"')}, {row("0")}]"""
    day = spend_day(KEY, text.encode())
    assert day.day == date(2026, 1, 15)
    assert day.spend == {"youtube": 381.76, "facebook": 473.80, "tiktok": 0.0}
    assert (day.rows_read, day.rows_accepted, day.rejected) == (3, 3, ())


def test_rows_of_one_channel_are_summed_exactly_in_any_order():
    values = ["0.1", "1e16", "0.2", "0.7"]
    sums = {
        spend_day(KEY, f"[{','.join(row(v) for v in order)}]".encode()).spend["tiktok"]
        for order in (values, values[::-1])
    }
    assert len(sums) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (row(spend="-0.01"), "negative_spend"),
        (row(spend="null"), "missing_spend"),
        ('{"date": "2026-01-15", "channel": "tiktok_paid_ads"}', "missing_spend"),
        (row(spend='"12"'), "invalid_spend"),
        (row(spend="true"), "invalid_spend"),
        (row(spend="[1]"), "invalid_spend"),
        (row(spend="NaN"), "invalid_spend"),
        (row(spend="Infinity"), "invalid_spend"),
        (row(spend="-Infinity"), "invalid_spend"),
        (row(spend="1e400"), "invalid_spend"),
        (row(spend="1" + "0" * 400), "invalid_spend"),
        (row(spend="9" * 5000), "invalid_spend"),
        (row(channel='"tiktok"'), "unknown_channel"),
        (row(channel='"TikTok_paid_ads"'), "unknown_channel"),
        (row(channel="null"), "unknown_channel"),
        (row(channel='["tiktok_paid_ads"]'), "unknown_channel"),
        (row(day='"2026-01-16"'), "invalid_date"),
        (row(day='"20260115"'), "invalid_date"),
        (row(day='"2026-01-15T00:00:00"'), "invalid_date"),
        (row(day='"2026-02-30"'), "invalid_date"),
        (row(day='"２０２６-01-15"'), "invalid_date"),
        (row(day="20260115"), "invalid_date"),
    ],
)
def test_a_bad_row_is_rejected_with_its_own_text_and_the_good_one_stays(text, reason):
    day = spend_day(KEY, f"[ {row('2')} , {text} ]".encode())
    assert day.rejected == (RejectedRow(2, (reason,), text),)
    assert day.spend == {"tiktok": 2.0}
    assert (day.rows_read, day.rows_accepted) == (2, 1)


def test_a_row_has_every_reason_that_holds():
    day = spend_day(KEY, b'[7, {"spend": -1, "channel": "radio", "date": "2026-01-15"}]')
    assert [r.reasons for r in day.rejected] == [
        ("missing_spend", "unknown_channel", "invalid_date"),
        ("negative_spend", "unknown_channel"),
    ]


def test_a_row_that_would_make_the_day_infinite_is_rejected():
    day = spend_day(KEY, f"[{row('1.7e308')}, {row('1.7e308')}]".encode())
    assert day.spend == {"tiktok": 1.7e308}
    assert [(r.row_number, r.reasons) for r in day.rejected] == [(2, ("invalid_spend",))]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>no such key</html>",
        b"{}",
        b'"text"',
        b"null",
        b"[1,]",
        b"[1] 2",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"\xff\xfe[]",
    ],
)
def test_a_file_that_is_no_json_array_is_one_reject_and_counts_as_one_row(body):
    day = spend_day(KEY, body)
    raw = body.decode(errors="replace")
    assert day.rejected == (RejectedRow(None, ("unparsable_json",), raw),)
    assert (day.rows_read, day.rows_accepted, day.spend) == (1, 0, {})


def test_an_empty_array_is_a_day_without_spend():
    day = spend_day(KEY, b" [ ] ")
    assert (day.rows_read, day.spend, day.rejected) == (0, {}, ())


def test_rows_of_a_file_without_a_date_in_its_key_are_rejected():
    day = spend_day("marketing/spend_date=2026-02-30.json", f"[{row()}]".encode())
    assert [r.reasons for r in day.rejected] == [("invalid_date",)]


@pytest.mark.parametrize(
    ("key", "day"),
    [
        (KEY, date(2026, 1, 15)),
        ("spend_date=2026-01-15.json", date(2026, 1, 15)),
        ("marketing/not_spend_date=2026-01-15.json", None),
        ("marketing/spend_date=2026-01-15.json.bak", None),
        ("marketing/spend_date=2026-13-01.json", None),
        ("marketing/file_index.json", None),
    ],
)
def test_only_a_well_formed_key_names_a_day(key, day):
    assert day_of_key(key) == day
