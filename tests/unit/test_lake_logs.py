"""The console command `lake logs`: how its arguments and the lines it shows are read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lake import compose, process_logs
from lake.log_groups import Lines, LogsError, short
from lake.logs import as_pattern, group_name, since_ms
from lake.settings import Settings
from pipeline.names import ResourceNames

NOW = datetime(2026, 1, 20, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("30s", 1768888770000),
        ("10m", 1768888200000),
        ("2h", 1768881600000),
        ("1d", 1768802400000),
        ("2026-01-20T05:59", 1768888740000),
        ("2026-01-20", 1768867200000),
        ("2026-01-20T07:00+01:00", 1768888800000),
    ],
)
def test_since_is_a_span_before_now_or_a_time(text, milliseconds):
    assert since_ms(text, NOW) == milliseconds


def test_a_since_that_is_neither_is_refused_with_what_is_expected():
    with pytest.raises(LogsError, match="30s, 10m, 2h, 1d or a time such as"):
        since_ms("10 minutes", NOW)


def test_short_names_stand_for_groups_and_other_names_are_groups():
    names = ResourceNames("acme-dev")
    assert group_name("emr", names) == "/aws/emr-serverless"
    assert group_name("states", names) == "/aws/vendedlogs/states/acme-dev-state-machine"
    assert group_name("crawlers", names) == "/aws-glue/crawlers"
    assert group_name("/my/group", names) == "/my/group"
    with pytest.raises(LogsError, match=r"edge, spark, dashboard, calendly, webhook.*found 'emmr'"):
        group_name("emmr", names)


def test_a_plain_text_becomes_a_phrase_and_a_pattern_stays():
    assert as_pattern("") == ""
    assert as_pattern('say "no": 1') == '"say \\"no\\": 1"'
    assert as_pattern('{ $.a = "b" }') == '{ $.a = "b" }'
    assert as_pattern("?A ?B") == "?A ?B"


@pytest.mark.parametrize(
    ("stream", "name"),
    [
        ("/applications/00a/jobs/00b/SPARK_DRIVER/stdout", "00b stdout"),
        ("p/applications/00a/jobs/00b/attempts/2/SPARK_DRIVER/stderr", "00b stderr"),
        ("jr_0123456789abcdef", "jr_01234567"),
        ("jr_0123456789abcdef_attempt_1", "jr_01234567 attempt 1"),
        ("2026/01/16/[$LATEST]0123456789abcdef", "01234567"),
        ("my-stream", "my-stream"),
    ],
)
def test_a_stream_is_named_by_what_tells_it_from_others(stream, name):
    assert short(stream) == name


def test_lines_carry_their_stream_where_there_are_several():
    event = {"logStreamName": "a", "message": "one\rtwo\n"}
    other = {"logStreamName": "b", "message": "three"}
    alone = Lines(several=False)
    assert alone.text(event) == "one\ntwo"
    assert alone.text(other) == "b | three"
    assert Lines(several=True).text(event) == "a | one\ntwo"


STACK_LOG = "10:00:00 edge.1 | up\n10:00:01 spark.1 | edge.1 | ready\n10:00:02 edge.1  | again\nhal"


def test_a_process_has_its_lines_of_the_common_file(tmp_path):
    path = tmp_path / "stack.log"
    path.write_text(STACK_LOG)
    lines, offset = process_logs.last_lines(path, "edge")
    assert lines == ["up", "again"]
    later = process_logs.later_lines(path, "edge", offset)
    assert next(later) is None
    path.write_text(f"{STACK_LOG[:-3]}10:00:03 edge.1 | new\n10:00:04 spark.1 | x\n")
    assert [next(later), next(later)] == ["new", None]
    path.write_text("10:00:09 edge.1 | restarted\n")
    assert [next(later), next(later)] == ["restarted", None]


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """Says what it was asked for, and fails where it is told to."""
    program = tmp_path / "docker"
    program.write_text('#!/bin/sh\necho "$@"\necho last\nexit "${FAILS:-0}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_the_log_of_a_process_in_a_container_is_asked_of_compose(docker):
    asked = compose.log_lines(Settings.from_env(), "edge", 5, "10m", True)
    assert list(asked) == [
        "compose logs --no-log-prefix --no-color --follow --tail 5 --since 10m edge",
        "last",
    ]
    plain = compose.log_lines(Settings.from_env(), "spark", None, None, False)
    assert next(plain) == "compose logs --no-log-prefix --no-color spark"
    plain.close()


def test_compose_that_fails_is_told(docker, monkeypatch):
    monkeypatch.setenv("FAILS", "1")
    with pytest.raises(compose.ComposeError, match="logs .* edge` failed"):
        list(compose.log_lines(Settings.from_env(), "edge", None, None, False))
