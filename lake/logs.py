"""`lake logs`: what the stack's processes print, and the CloudWatch log groups of its services."""

from __future__ import annotations

import re
import sys
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import typer
from botocore.exceptions import ClientError

from lake import compose, process_logs, stack
from lake.clients import make_client
from lake.log_groups import (
    POLL_SECONDS,
    Lines,
    LogsError,
    Wanted,
    exists,
    last_events,
    later_events,
    log_groups,
    stream_names,
)
from lake.settings import Settings
from pipeline.names import ResourceNames
from services.edge.cloudwatch_logs.documents.patterns import PatternError, matcher

PROCESSES = ("edge", "spark", "dashboard", "calendly")
SHORT_NAMES = (*PROCESSES, *log_groups(ResourceNames()))
DEFAULT_LINES = 50
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _sources(incomplete: str) -> list[str]:
    return [name for name in SHORT_NAMES if name.startswith(incomplete)]


def logs(
    source: str = typer.Argument(
        ...,
        help=f"{', '.join(SHORT_NAMES)}, or any log group's name",
        autocompletion=_sources,
    ),
    follow: bool = typer.Option(False, "--follow", "-f", help="Go on until Ctrl-C"),
    lines: int | None = typer.Option(
        None, "--lines", "-n", min=1, help="The last lines only  [default: 50, all with --since]"
    ),
    since: str | None = typer.Option(
        None, help="Since 30s, 10m, 2h, 1d ago, or a time such as 2026-01-20T06:00 (UTC)"
    ),
    filter: str = typer.Option("", help="A text, or a filter pattern of CloudWatch"),
    stream: str = typer.Option("", help="Part of a stream's name, such as a job run's id"),
) -> None:
    """Show the log of a process, of a service by its short name, or of any log group."""
    settings = Settings.from_env()
    count = lines or (None if since else DEFAULT_LINES)
    try:
        pattern = as_pattern(filter)
        matcher(pattern)
        if source in PROCESSES:
            if stream:
                raise LogsError("--stream is for log groups: a process has one log")
            shown = _process_lines(settings, source, count, since, pattern, follow)
        else:
            begin = since_ms(since, datetime.now(UTC)) if since else None
            wanted = Wanted(group_name(source, settings.names), count, begin, pattern, stream)
            shown = _group_lines(make_client("logs", settings), wanted, follow)
        for line in shown:
            typer.echo(line)
    except (LogsError, PatternError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def group_name(source: str, names: ResourceNames) -> str:
    group = log_groups(names).get(source, source)
    if not group.startswith("/"):
        known = ", ".join(SHORT_NAMES)
        raise LogsError(f"Expected {known}, or a log group's name, found {source!r}")
    return group


def since_ms(text: str, now: datetime) -> int:
    """Epoch milliseconds of `10m` before now, or of an ISO 8601 time, UTC unless it says."""
    if found := re.fullmatch(r"(\d+)([smhd])", text):
        moment = now - timedelta(**{UNITS[found[2]]: int(found[1])})
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise LogsError(
                f"--since takes 30s, 10m, 2h, 1d or a time such as 2026-01-20T06:00, found {text!r}"
            ) from error
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def as_pattern(text: str) -> str:
    """A plain text is searched as it is; what begins as a CloudWatch pattern is one."""
    if not text or text[0] in '"{%?-[':
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _group_lines(client: Any, wanted: Wanted, follow: bool) -> Iterator[str]:
    _await_group(client, wanted.group, follow)
    texts = Lines(len(list(islice(stream_names(client, wanted.group, wanted.stream), 2))) > 1)
    try:
        seen = last_events(client, wanted)
        for event in seen:
            yield texts.text(event)
        for new in later_events(client, wanted, seen) if follow else ():
            if new is None:
                time.sleep(POLL_SECONDS)
            else:
                yield texts.text(new)
    except ClientError as error:
        raise LogsError(f"{wanted.group} cannot be read: {error}") from error


def _await_group(client: Any, group: str, follow: bool) -> None:
    """A group is made by the first that writes to it; who follows waits for that."""
    told = False
    while not exists(client, group):
        message = f"Log group {group} does not exist yet: nothing has been written to it"
        if not follow:
            raise LogsError(f"{message}; `lake run` runs the jobs, --follow waits")
        if not told:
            sys.stderr.write(f"{message}, waiting\n")
            told = True
        time.sleep(POLL_SECONDS)


def _process_lines(
    settings: Settings,
    process: str,
    count: int | None,
    since: str | None,
    pattern: str,
    follow: bool,
) -> Iterator[str]:
    matches = matcher(pattern)
    if not stack.is_running(settings) and compose.is_running(settings):
        printed = compose.log_lines(settings, process, None if pattern else count, since, follow)
        found = (line for line in printed if matches(line))
        yield from found if follow or not pattern else deque(found, maxlen=count)
        return
    path = stack.log_file(settings)
    if not path.exists():
        raise LogsError(f"{path} does not exist: start the stack with `lake up`")
    if since:
        raise LogsError("--since is for log groups and containers: use --lines for a process")
    lines, offset = process_logs.last_lines(path, process)
    yield from deque((line for line in lines if matches(line)), maxlen=count)
    for new in process_logs.later_lines(path, process, offset) if follow else ():
        if new is None:
            time.sleep(POLL_SECONDS)
        elif matches(new):
            yield new
