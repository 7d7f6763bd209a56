"""Glue's schedules: which minutes an expression names, and what is not one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.edge.glue import cron


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
    assert cron.parsed(expression).matches(datetime(*moment, tzinfo=UTC)) is matches


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "rate(5 minutes)",
        "15 12 * * ? *",
        "cron(15 12 * * ?)",
        "cron(15 12 * * * *)",
        "cron(15 12 ? * ? *)",
        "cron(60 12 * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 12 0 * ? *)",
        "cron(0 12 * 13 ? *)",
        "cron(0 12 ? * 8 *)",
        "cron(0 12 * * ? 1969)",
        "cron(5-1 12 * * ? *)",
        "cron(0/0 12 * * ? *)",
        "cron(a 12 * * ? *)",
    ],
)
def test_what_is_not_a_schedule_is_refused(expression):
    with pytest.raises(cron.CronError):
        cron.parsed(expression)
