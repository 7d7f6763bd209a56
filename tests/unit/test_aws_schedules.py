"""AWS's schedule expressions: their times, with dates looked up in a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.edge.aws.schedules import ScheduleError, parse, parse_cron

NOW = datetime(2026, 1, 16, 10, 7, 30, tzinfo=UTC)  # a Friday


def test_the_daily_schedule_is_due_at_two_oclock_utc():
    daily = parse("cron(0 2 * * ? *)")
    two = datetime(2026, 1, 17, 2, tzinfo=UTC)
    assert daily.next_after(NOW) == two
    assert daily.next_after(two - timedelta(seconds=1)) == two
    assert daily.next_after(two) == datetime(2026, 1, 18, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("cron(15 10 * * ? *)", ["2026-01-16 10:15", "2026-01-17 10:15"]),
        ("cron(0/15 * * * ? *)", ["2026-01-16 10:15", "2026-01-16 10:30"]),
        ("cron(0 8 1 * ? *)", ["2026-02-01 08:00", "2026-03-01 08:00"]),
        ("cron(0 18 ? * MON-FRI *)", ["2026-01-16 18:00", "2026-01-19 18:00"]),
        ("cron(0 2 ? * 1 *)", ["2026-01-18 02:00", "2026-01-25 02:00"]),  # 1 is Sunday
        ("cron(0 9 ? * 2#1 *)", ["2026-02-02 09:00", "2026-03-02 09:00"]),
        ("cron(0 9 ? * 6L *)", ["2026-01-30 09:00", "2026-02-27 09:00"]),
        ("cron(0 0 L * ? *)", ["2026-01-31 00:00", "2026-02-28 00:00"]),
        ("cron(0 0 LW * ? *)", ["2026-01-30 00:00", "2026-02-27 00:00"]),
        # The 31st of January 2026 is a Saturday, that of March a Tuesday; February has none.
        ("cron(0 0 31W * ? *)", ["2026-01-30 00:00", "2026-03-31 00:00"]),
        ("cron(0 0 ? * L *)", ["2026-01-17 00:00", "2026-01-24 00:00"]),  # Saturdays
        ("cron(0 0 ? * FRIL *)", ["2026-01-30 00:00", "2026-02-27 00:00"]),
        ("cron(0 0 15W 2,3 ? *)", ["2026-02-16 00:00", "2026-03-16 00:00"]),
        ("cron(0 0 29 FEB ? *)", ["2028-02-29 00:00", "2032-02-29 00:00"]),
        ("cron(0 5 1 1 ? 2027)", ["2027-01-01 05:00", None]),
        ("rate(1 minute)", ["2026-01-16 10:08", "2026-01-16 10:09"]),
        ("rate(2 hours)", ["2026-01-16 12:07", "2026-01-16 14:07"]),
        ("rate(1 day)", ["2026-01-17 10:07", "2026-01-18 10:07"]),
    ],
)
def test_next_times(expression, times):
    found = [parse(expression).next_after(NOW)]
    found += [parse(expression).next_after(found[0])]
    assert [f"{time:%Y-%m-%d %H:%M}" if time else None for time in found] == times


@pytest.mark.parametrize(
    "expression",
    ["", "rate(0 minutes)", "rate(1 minutes)", "rate(2 minute)", "cron(0 2 * * * *)",
     "cron(0 2 ? * ? *)", "cron(60 2 * * ? *)", "cron(0 24 * * ? *)", "cron(0 2 * * ?)",
     "cron(0 2 ? * 8 *)", "cron(0 12 0 * ? *)", "cron(0 12 * 13 ? *)", "cron(0 12 * * ? 1969)",
     "cron(5-1 12 * * ? *)", "cron(0 8 32W * ? *)", "cron(0 8 ? * 6#6 *)",
     "cron(x 2 * * ? *)", "cron(0/0 2 * * ? *)", "at(2026-01-01T00:00)"],
)  # fmt: skip
def test_what_aws_does_not_take_is_refused(expression):
    with pytest.raises(ScheduleError):
        parse(expression)


@pytest.mark.parametrize(
    ("expression", "moment", "matches"),
    [
        ("cron(15 12 * * ? *)", (2026, 1, 16, 12, 15), True),
        ("cron(15 12 * * ? *)", (2026, 1, 16, 12, 16), False),
        ("cron(15 12 * * ? *)", (2026, 1, 16, 0, 15), False),
        ("cron(0/15 * * * ? *)", (2026, 1, 16, 3, 45), True),
        ("cron(0/15 * * * ? *)", (2026, 1, 16, 3, 46), False),
        ("cron(*/20 8-9 * * ? *)", (2026, 1, 16, 9, 40), True),
        ("cron(*/20 8-9 * * ? *)", (2026, 1, 16, 10, 0), False),
        ("cron(0 18 ? * MON-FRI *)", (2026, 1, 16, 18, 0), True),  # a Friday
        ("cron(0 18 ? * MON-FRI *)", (2026, 1, 17, 18, 0), False),
        ("cron(0 8 ? * 1 *)", (2026, 1, 18, 8, 0), True),  # 1 is Sunday
        ("cron(0 8 ? * sun,wed *)", (2026, 1, 21, 8, 0), True),
        ("cron(0 8 1 JAN,MAR ? *)", (2026, 3, 1, 8, 0), True),
        ("cron(0 8 1 JAN,MAR ? *)", (2026, 2, 1, 8, 0), False),
        ("cron(0 8 L * ? *)", (2026, 2, 28, 8, 0), True),
        ("cron(0 8 L * ? *)", (2026, 1, 30, 8, 0), False),
        ("cron(0 8 17W * ? *)", (2026, 1, 16, 8, 0), True),  # the 17th is a Saturday
        ("cron(0 8 1W * ? *)", (2026, 2, 2, 8, 0), True),  # the 1st is a Sunday
        ("cron(0 8 31W * ? *)", (2026, 5, 29, 8, 0), True),  # the 31st, the last, is a Sunday
        ("cron(0 8 ? * 6L *)", (2026, 1, 30, 8, 0), True),
        ("cron(0 8 ? * 6L *)", (2026, 1, 23, 8, 0), False),
        ("cron(0 8 ? * 6#3 *)", (2026, 1, 16, 8, 0), True),
        ("cron(0 8 ? * 6#3 *)", (2026, 1, 23, 8, 0), False),
        ("cron(0 0 1 1 ? 2027)", (2026, 1, 1, 0, 0), False),
        ("cron(0 0 1 1 ? 2026-2028/2)", (2028, 1, 1, 0, 0), True),
    ],
)
def test_a_minute_is_of_the_schedule_or_not(expression, moment, matches):
    assert parse_cron(expression).matches(datetime(*moment, tzinfo=UTC)) is matches


def test_glue_takes_no_rates():
    with pytest.raises(ScheduleError, match="Expected a schedule as cron"):
        parse_cron("rate(5 minutes)")
