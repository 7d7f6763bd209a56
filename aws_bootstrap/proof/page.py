"""A proof's report as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from aws_bootstrap.proof.report import not_compared, of_whole_table, value, verdict_of

Document = dict[str, Any]

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 0 0 2rem }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8884 }
td { vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums }
code { font-size: .85em; overflow-wrap: anywhere }
.equal { color: #1a7f37 } .differs { color: #cf222e; font-weight: 600 }
"""


def page(report: Document) -> str:
    verdict = "equal" if report["equal"] else "differs"
    differences = [each for table in report["tables"] for each in table["differences"]]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8"><title>Proof of both sides</title>',
            f"<style>{STYLE}</style></head><body>",
            f'<h1 class="{verdict}">{escape(verdict_of(report))}</h1>',
            f"<p>Run <code>{escape(report['run'])}</code>, {escape(report['made'])}:"
            f" {report['objects']} bronze objects through both sides.</p>",
            "<h2>Tables</h2>",
            _table(
                ("Table", "Verdict", "Rows", "Sums", "Hash of all rows"),
                map(_overview, report["tables"]),
            ),
            "<h2>Differences</h2>" if differences else "",
            _table(
                ("Table", "Channel", "Day", "Column", "Laptop", "Cloud", "Key"),
                map(_difference, differences),
            )
            if differences
            else "",
            "<h2>Code that differs</h2>" if report["code"] else "",
            _table(("File", "Laptop", "Cloud"), map(_file, report["code"]))
            if report["code"]
            else "",
            f"<p>Not compared: {escape(', '.join(not_compared(report)))}.</p>",
            "</body></html>\n",
        ]
    )


def _table(heads: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th>{head}</th>" for head in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _overview(table: Document) -> str:
    verdict = "equal" if table["equal"] else "differs"
    sums = "<br>".join(
        escape(f"{column}: {_both([ours, theirs])}")
        for column, (ours, theirs) in table["sums"].items()
    )
    notes = "".join(f"<br>{escape(line)}" for line in of_whole_table(table))
    return (
        f"<tr><td>{escape(table['table'])}</td><td class={verdict}>{verdict}{notes}</td>"
        f"<td class=number>{escape(_both(table['rows']))}</td><td>{sums}</td>"
        f"<td><code>{escape(_both(table['hashes']))}</code></td></tr>"
    )


def _both(values: list[Any]) -> str:
    shown = ["none" if each is None else str(each) for each in values]
    return shown[0] if shown[0] == shown[1] else " / ".join(shown)


def _difference(each: Document) -> str:
    cells = [each["table"], each["channel"] or "", each["day"] or "", each["column"]]
    cells += [value(each["laptop"]), value(each["cloud"]), each["key"]]
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _file(each: Document) -> str:
    return (
        f"<tr><td>{escape(each['file'])}</td>"
        f"<td><code>{escape(each['laptop'] or 'none')}</code></td>"
        f"<td><code>{escape(each['cloud'] or 'none')}</code></td></tr>"
    )
