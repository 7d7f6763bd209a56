"""`lake diff TABLE [V1] [V2]`: two versions of a table compared, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lake import completion
from lake.clients import REGION, check_endpoint
from lake.json_output import print_json
from lake.settings import Settings

if TYPE_CHECKING:
    from pipeline.delta_versions import Version
    from pipeline.table_changes import TableChanges

ROWS_SHOWN = 40


def diff(
    table: Annotated[
        str,
        typer.Argument(autocompletion=completion.tables, callback=completion.table),
    ],
    before: Annotated[
        int | None, typer.Argument(metavar="[V1]", min=0, help="Default: the one before V2")
    ] = None,
    after: Annotated[
        int | None, typer.Argument(metavar="[V2]", min=0, help="Default: the newest")
    ] = None,
    most_rows: int = typer.Option(ROWS_SHOWN, "--rows", min=1, help="Most rows to show"),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
) -> None:
    """Say what changed between two versions of a table, e.g. lake diff gold_cpb_by_channel.

    Versions are those of the Delta table; a run that changes nothing makes none.
    """
    from pipeline import change_words, delta_versions
    from pipeline.storage import storage_options
    from pipeline.table_changes import table_changes

    settings = Settings.from_env()
    check_endpoint(settings)
    uri = settings.names.table_uri(table)
    options = storage_options(settings.endpoint_url, REGION)
    known = {version.number: version for version in delta_versions.versions(uri, options)}
    newest = max(known) if after is None else after
    oldest = newest - 1 if before is None else before
    rows = {
        number: delta_versions.rows_of_version(uri, options, number)
        for number in dict.fromkeys((oldest, newest))
        if number >= 0
    }
    changes = table_changes(table, rows.get(oldest), rows[newest], most_rows)
    if as_json:
        print_json(document(changes, known.get(oldest), known.get(newest)))
        return
    typer.echo(f"{named(oldest, known)} -> {named(newest, known)}")
    typer.echo("\n".join([change_words.headline(changes), *change_words.lines(changes)]))


def named(number: int, known: dict[int, Version]) -> str:
    if number < 0:
        return "before the table"
    if number not in known:
        return f"version {number}"
    return f"version {number} of {known[number].committed:%Y-%m-%d %H:%M:%S}"


def document(
    changes: TableChanges, before: Version | None, after: Version | None
) -> dict[str, Any]:
    """The changes as JSON: numbers, columns, rows with both sides, and the lines in words."""
    from pipeline import change_words

    return {
        "table": changes.table,
        "before": before and before.number,
        "after": after and after.number,
        "added": changes.added,
        "removed": changes.removed,
        "changed": changes.changed,
        "columns": [asdict(column) for column in changes.columns],
        "rows": [asdict(row) for row in changes.rows],
        "words": list(change_words.lines(changes)),
    }
