"""The recorded sample on disk: deliveries as gzipped JSON lines by day, spend as JSON files."""

from __future__ import annotations

import base64
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sample_data.spend import spend_files
from sample_data.stories import Delivery

FOLDER = Path(__file__).parent / "recorded"
INDEX = "file_index.json"


class NoSuchDayError(Exception):
    """A day was asked for of which nothing is recorded."""


def read_deliveries(days: Sequence[date] | None = None, folder: Path = FOLDER) -> list[Delivery]:
    """The recorded deliveries of these days (None: of all) by time of sending."""
    present = {
        date.fromisoformat(path.name[len("webhooks-") :].split(".")[0]): path
        for path in sorted(folder.glob("webhooks-*.jsonl.gz"))
    }
    chosen = list(present) if days is None else days
    if missing := [day.isoformat() for day in chosen if day not in present]:
        known = ", ".join(day.isoformat() for day in present) or "none"
        raise NoSuchDayError(f"Expected recorded days ({known}), found {', '.join(missing)}")
    found = [
        from_line(line, day)
        for day in chosen
        for line in gzip.decompress(present[day].read_bytes()).splitlines()
    ]
    return sorted(found, key=lambda delivery: (delivery.at, delivery.body))


def files(deliveries: Iterable[Delivery], seed: int) -> dict[str, bytes]:
    """The uncompressed content of every recorded file, by its path below the folder."""
    lines: dict[str, list[bytes]] = {}
    for delivery in deliveries:
        name = f"webhooks-{delivery.day.isoformat()}.jsonl.gz"
        lines.setdefault(name, []).append(to_line(delivery))
    content = {name: b"".join(parts) for name, parts in lines.items()}
    spend = spend_files(seed)
    for day, rows in spend.items():
        content[f"spend/spend_data_{day.isoformat()}.json"] = pretty(rows)
    names = [f"spend_data_{day.isoformat()}.json" for day in spend]
    content[f"spend/{INDEX}"] = pretty({"files": names})
    return content


def write(content: dict[str, bytes], folder: Path) -> None:
    """Write the files, and leave no recorded day behind that is not among them."""
    for path in folder.glob("webhooks-*.jsonl.gz"):
        if path.name not in content:
            path.unlink()
    for name, plain in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(compressed(plain) if name.endswith(".gz") else plain)


def compressed(plain: bytes) -> bytes:
    """Gzip without a time or a name, so that the same content gives the same file."""
    target = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=target, compresslevel=9, mtime=0) as packed:
        packed.write(plain)
    return target.getvalue()


def to_line(delivery: Delivery) -> bytes:
    line: dict[str, Any] = {"at": delivery.at.isoformat(), "kind": delivery.kind}
    try:
        line["body"] = delivery.body.decode()
    except UnicodeDecodeError:
        line["body_base64"] = base64.b64encode(delivery.body).decode()
    return json.dumps(line).encode() + b"\n"


def from_line(line: bytes, day: date) -> Delivery:
    fields = json.loads(line)
    body = base64.b64decode(fields["body_base64"]) if "body_base64" in fields else None
    return Delivery(
        at=datetime.fromisoformat(fields["at"]),
        day=day,
        kind=fields["kind"],
        body=fields["body"].encode() if body is None else body,
    )


def pretty(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"
