"""The parts of a run report, each as HTML; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from pipeline import change_words, prices, state_drawing
from pipeline.change_causes import channels, why
from pipeline.durations import duration
from pipeline.job_accounts import Account, account_words, outcome_words
from pipeline.run_report import cost
from pipeline.run_report.contents import Contents, TableVersions
from pipeline.state_drawing import SIGNS, Shown
from pipeline.state_progress import StateProgress

MAIN = "gold_cpb_by_channel"
MOST_CAUSES = 200
NOTHING = "–"


def states(contents: Contents) -> str:
    execution, accounts = contents.run.execution, contents.run.accounts
    progress = {state.name: state for state in execution.states}
    notes = {name: account_words(accounts.get(name)) for name in progress}
    drawn = state_drawing.drawing(contents.run.graph, Shown(progress, notes, contents.made))
    rows = [
        _state_row(state, accounts.get(state.name), contents.made) for state in execution.states
    ]
    heads = ("State", "Status", "Began, UTC", "Took", "Read", "What became of it", "Adds up")
    return drawn + _table(heads, rows, numbers=(3, 4))


def _state_row(state: StateProgress, account: Account | None, now: datetime) -> list[str]:
    balance = {True: "yes", False: "NO", None: NOTHING}[account.balances if account else None]
    read = f"{account.read:,} {account.unit}" if account and account.read is not None else NOTHING
    return [
        escape(state.name),
        f"{SIGNS[state.status]} {escape(state.status)}",
        f"{state.entered:%H:%M:%S}" if state.entered else NOTHING,
        duration(state.seconds(now)) or NOTHING,
        escape(read),
        escape(outcome_words(account) if account else "") or NOTHING,
        balance,
    ]


def gold(contents: Contents) -> str:
    if not contents.gold:
        return _note("There is no gold table yet.")
    # The table that is asked about most comes first.
    changed = sorted(
        (table for table in contents.gold if table.is_changed), key=lambda t: t.table != MAIN
    )
    if not changed:
        return _note("Nothing: every gold table is as it was before the run.")
    return "".join(map(_gold_table, changed)) + _unchanged(contents.gold)


def _gold_table(table: TableVersions) -> str:
    if table.changes is None:
        return f"<h3>{escape(table.table)}</h3>{_note('Its rows could not be compared.')}"
    lines = "".join(f"<li>{escape(line)}</li>" for line in change_words.lines(table.changes))
    shown = f'<ul class="lines">{lines}</ul>' if lines else ""
    is_open = " open" if table.table == MAIN else ""
    headline = escape(change_words.headline(table.changes))
    return f"<details{is_open}><summary>{headline}</summary>{shown}</details>"


def _unchanged(gold: Sequence[TableVersions]) -> str:
    same = [table.table for table in gold if not table.is_changed]
    return _note(f"As before: {', '.join(same)}.") if same else ""


def causes(contents: Contents) -> str:
    found = contents.reasons
    words = "".join(
        f"<li><b>{escape(name)}</b> {escape(why(name, found.causes, found.spend))}</li>"
        for name in channels(found.causes, found.spend)
    )
    if not words:
        return _note("No booking and no spend in silver changed.")
    rows = [
        [
            escape(cause.channel),
            escape(cause.kind),
            escape(str(cause.booking_date)),
            escape(", ".join(f"{name} {n:+}" for name, n in cause.effects.items()) or NOTHING),
            escape(cause.event),
            f'<span class="key">{escape(cause.bronze_key)}</span>',
        ]
        for cause in found.causes[:MOST_CAUSES]
    ]
    more = len(found.causes) - len(rows) + found.left_out
    heads = ("Channel", "What", "Meeting on", "Bookings", "Event", "Bronze object")
    table = _table(heads, rows) + (_note(f"and {more:,} more deliveries") if more else "")
    number = f"{len(found.causes) + found.left_out:,} deliveries"
    listed = f"<details><summary>{number}</summary>{table}</details>" if rows else ""
    return f'<ul class="lines">{words}</ul>{listed}'


def rejected(contents: Contents) -> str:
    rows = [
        [
            escape(found.reason),
            escape(found.table),
            f"{found.rows:,}",
            "<br>".join(_sample(key, text) for key, text in found.samples) or NOTHING,
        ]
        for found in contents.rejected
    ]
    if not rows:
        return _note("Nothing was rejected for the first time.")
    return _table(("Reason", "Table", "Rows", "Samples"), rows, numbers=(2,))


def _sample(key: str, text: str) -> str:
    return f'<span class="key">{escape(key)}</span> <code>{escape(text)}</code>'


def drift(contents: Contents) -> str:
    fields = {
        name: number
        for account in contents.run.accounts.values()
        for name, number in account.drift.items()
    }
    if not fields:
        return _note("None: every field of the deliveries is known.")
    rows = [[escape(name), f"{number:,}"] for name, number in fields.items()]
    return _note(
        "Kept in bronze, in no table. Tell spark_jobs/lakehouse/event_columns.py of those that"
        " matter."
    ) + _table(("Field", "Deliveries"), rows, numbers=(1,))


def versions(contents: Contents) -> str:
    rows = [
        [
            escape(table.table),
            str(table.before.number) if table.before else NOTHING,
            str(table.after.number) if table.is_changed else "as before",
            moment(table.after.committed),
            f"{table.rows:,}",
        ]
        for table in contents.tables
    ]
    if not rows:
        return _note("There is no table yet.")
    return _table(("Table", "Before", "After", "Committed", "Rows"), rows, numbers=(1, 2, 4))


def costs(contents: Contents, listed: Mapping[str, Any]) -> str:
    found = cost.lines(contents.run, prices.in_usd(listed), contents.made)
    total = sum(line.low for line in found), sum(line.high for line in found)
    rows = [
        [escape(line.what), line.service, line.billed, f"{line.low:.4f}", f"{line.high:.4f}"]
        for line in found
    ]
    rows.append(["<b>Together</b>", "", "", *(f"<b>{amount:.2f}</b>" for amount in total)])
    heads = ("State", "Billed by", "Quantity", "At least, USD", "At most, USD")
    told = f"Computed from how long it took here. Prices of {listed['date']}, {listed['region']}."
    assumed = "".join(f"<li>{escape(text)}.</li>" for text in cost.ASSUMPTIONS)
    return _table(heads, rows, numbers=(3, 4)) + _note(told) + f'<ul class="note">{assumed}</ul>'


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M:%S}"


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """The cells are HTML already; `numbers` are the columns that end at the right."""

    def cell(tag: str, at: int, text: str) -> str:
        kind = ' class="number"' if at in numbers else ""
        return f"<{tag}{kind}>{text}</{tag}>"

    head = "".join(cell("th", at, escape(text)) for at, text in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(cell('td', at, text) for at, text in enumerate(row))}</tr>" for row in rows
    )
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
