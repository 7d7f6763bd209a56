"""`lake freshness`: how old each layer is, what waits in bronze, whether gold is behind silver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import typer

from lake.clients import REGION, make_client
from lake.json_output import print_json
from lake.settings import Settings

if TYPE_CHECKING:
    from pipeline.freshness import Freshness


def freshness(
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
) -> None:
    """Show when each table changed last, and what a run of the pipeline would still take in."""
    from pipeline.freshness import freshness_of
    from pipeline.lineage import Lineage
    from pipeline.storage import storage_options

    settings = Settings.from_env()
    s3 = make_client("s3", settings)
    lineage = Lineage(settings.names, storage_options(settings.endpoint_url, REGION), s3)
    found = freshness_of(lineage)
    if as_json:
        print_json(asdict(found))
    else:
        typer.echo("\n".join(lines(found, datetime.now(UTC))))


def lines(found: Freshness, now: datetime) -> Iterator[str]:
    for source in found.bronze:
        newest = _age(source.newest, now) if source.newest else "nothing yet"
        waiting = f"{source.waiting:,} wait for silver" if source.waiting else "all in silver"
        objects = f"{source.objects:,} objects" + ("" if source.is_whole else " of the newest days")
        yield f"{'bronze ' + source.prefix:<34} {newest:<18} {objects}, {waiting}"
    for table in found.tables:
        if table.committed is None:
            yield f"{table.name:<34} {'not there':<18} `lake run` makes it"
            continue
        behind = "; ".join(
            f"behind {name}: made from version {made}, which is at {now_at}"
            for name, made, now_at in table.behind
        )
        age = _age(table.committed, now)
        yield f"{table.name:<34} {age:<18} version {table.version}{', ' if behind else ''}{behind}"
    if found.is_behind:
        yield "`lake run` brings it up to date"


def _age(moment: datetime, now: datetime) -> str:
    age = now - moment
    if age < timedelta(minutes=1):
        return f"{max(0, age.seconds)} s ago"
    if age < timedelta(hours=1):
        return f"{age.seconds // 60} min ago"
    if age < timedelta(days=1):
        return f"{age.seconds // 3600} h ago"
    return f"{age.days} days ago"
