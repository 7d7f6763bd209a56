"""`lake explain TABLE KEY`: from a row of gold to its bookings, their deliveries and the runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lake import completion, explain_words
from lake.clients import REGION, make_client
from lake.json_output import print_json
from lake.settings import Settings
from pipeline.names import GOLD
from pipeline.table_keys import TABLE_KEYS

if TYPE_CHECKING:
    from pipeline.lineage import Commit, Lineage, Run

TABLES = (*GOLD, "fact_bookings")
BOOKINGS_SHOWN = 10
VALUES_NAMED = 12


def tables(incomplete: str) -> list[str]:
    return [name for name in TABLES if name.startswith(incomplete)]


def _table(given: str) -> str:
    return completion.one_of(TABLES, "a table of gold, or fact_bookings", given)


def explain(
    table: Annotated[str, typer.Argument(autocompletion=tables, callback=_table)],
    key: Annotated[list[str], typer.Argument(help="The values of the table's key, in its order")],
    bookings: int = typer.Option(BOOKINGS_SHOWN, min=0, help="Most bookings to show"),
    body: bool = typer.Option(False, "--body", help="Of a booking: its winner's body, masked"),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
) -> None:
    """Say where a row comes from, e.g. lake explain gold_cpb_by_channel facebook.

    Of a row of gold: its bookings, the runs that made it, the versions that they read. Of a booking
    (lake explain fact_bookings INVITEE_ID): its deliveries, and what became of each.
    """
    lake = _opened(Settings.from_env(), table)
    found = _booking(lake, key, body) if table == "fact_bookings" else _cell(lake, key, bookings)
    if as_json:
        print_json(found)
    else:
        typer.echo("\n".join(explain_words.lines(found)))


@dataclass(frozen=True)
class Lake:
    """What an explanation asks."""

    settings: Settings
    table: str
    connection: Any
    lineage: Lineage
    s3: Any


def _opened(settings: Settings, table: str) -> Lake:
    from lake.tables import connect
    from pipeline.lineage import Lineage
    from pipeline.storage import storage_options

    s3 = make_client("s3", settings)
    options = storage_options(settings.endpoint_url, REGION)
    lineage = Lineage(settings.names, options, s3)
    lineage.commits(table)  # says by name what is not there
    lineage.commits("fact_bookings")
    connection = connect(settings, f"{table} fact_bookings fact_marketing rejected_events")
    return Lake(settings, table, connection, lineage, s3)


def _cell(lake: Lake, values: list[str], most: int) -> dict[str, Any]:
    from pipeline import evidence

    row, key = _row(lake, values)
    selection = evidence.selection_of(lake.table, key)
    shown = evidence.bookings(lake.connection, selection, limit=most)
    readers = lake.lineage.readers("fact_bookings", [one.bronze_key for one in shown])
    origin = lake.lineage.origin(lake.table)
    return {
        "table": lake.table,
        "row": row,
        "made": _commit(origin.made),
        "silver_since_the_version_before": [_commit(one) for one in origin.silver],
        "bronze_objects_since": len(lake.lineage.objects_of(origin)),
        "bookings": evidence.count(lake.connection, selection),
        "shown": [{**one._asdict(), "run": _run(readers.get(one.bronze_key))} for one in shown],
    }


def _row(lake: Lake, values: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row, and its key as it is in the table. Raises BadParameter where there is none."""
    names = TABLE_KEYS[lake.table]
    if len(values) != len(names):
        raise typer.BadParameter(
            f"Expected {len(names)} values, {' '.join(names).upper()}, found {len(values)}"
        )
    texts = {
        name: None if value == "none" else value for name, value in zip(names, values, strict=True)
    }
    types = {
        name: kind for name, kind, *_ in lake.connection.sql(f"DESCRIBE {lake.table}").fetchall()
    }
    chosen = " AND ".join(
        f"{name} IS NOT DISTINCT FROM try_cast(${name} AS {types[name]})" for name in names
    )
    answer = lake.connection.execute(f"SELECT * FROM {lake.table} WHERE {chosen}", texts)
    columns = [column[0] for column in answer.description]
    if (row := answer.fetchone()) is None:
        raise typer.BadParameter(_missing(lake, names, values))
    found = dict(zip(columns, row, strict=True))
    return found, {name: found[name] for name in names}


def _missing(lake: Lake, names: tuple[str, ...], values: list[str]) -> str:
    asked = ", ".join(f"{name} = {value}" for name, value in zip(names, values, strict=True))
    columns = ", ".join(names)
    rows = lake.connection.execute(
        f"SELECT DISTINCT {columns} FROM {lake.table} ORDER BY ALL LIMIT {VALUES_NAMED}"
    ).fetchall()
    there = (
        "; ".join(" ".join("none" if v is None else str(v) for v in row) for row in rows) or "none"
    )
    return f"Expected a row of {lake.table}, found none with {asked}. There are {there} ..."


def _booking(lake: Lake, values: list[str], with_body: bool) -> dict[str, Any]:
    from pipeline import deliveries, evidence, objects
    from pipeline.masking import masked_body

    if len(values) != 1:
        raise typer.BadParameter(f"Expected one INVITEE_ID, found {len(values)} values")
    if (found := evidence.booking(lake.connection, values[0])) is None:
        raise typer.BadParameter(
            f"Expected a booking, found none of invitee {values[0]}: `lake explain"
            " gold_cpb_by_channel CHANNEL` lists some"
        )
    bronze = lake.settings.names.bronze_bucket
    trail = deliveries.trail(lake.s3, bronze, lake.connection, found)
    keys = [one.bronze_key for one in trail.deliveries]
    readers = lake.lineage.readers("fact_bookings", keys)
    document: dict[str, Any] = {
        "booking": found._asdict(),
        "deliveries": [
            {**vars(one), "run": _run(readers.get(one.bronze_key))} for one in trail.deliveries
        ],
        "bronze_objects_read": trail.read,
        "bronze_objects_of_its_days": trail.listed,
    }
    if with_body:
        raw = objects.body(lake.s3, bronze, found.bronze_key) or b""
        document["body"] = masked_body(raw)
    return document


def _commit(commit: Commit) -> dict[str, Any]:
    return {
        "table": commit.table,
        "version": commit.version.number,
        "committed": commit.version.committed.isoformat(timespec="seconds"),
        "run": _run(commit.run),
        "sources": dict(commit.sources),
    }


def _run(run: Run | None) -> dict[str, Any] | None:
    return None if run is None else vars(run)
