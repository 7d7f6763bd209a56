"""Which of the two stacks was started last: the other one has other data."""

from __future__ import annotations

from pathlib import Path

from lake.errors import StackError
from services.private_files import keep_private

EMBEDDED, COMPOSE = "embedded", "compose"
DATA = ("edge.sqlite", "services.sqlite", "s3")


def kind(lake_dir: Path) -> str | None:
    """`embedded` or `compose`; None where none was started, or its data was removed."""
    try:
        found = _file(lake_dir).read_text().strip()
    except FileNotFoundError:
        # Data of a stack of processes that was started before this was kept.
        return EMBEDDED if any((lake_dir / name).exists() for name in DATA) else None
    except OSError:
        return None
    return found if found in (EMBEDDED, COMPOSE) else None


def keep(lake_dir: Path, started: str) -> None:
    try:
        keep_private(lake_dir)
        _file(lake_dir).write_text(f"{started}\n")
    except OSError as error:
        raise StackError(
            f"LAKE_DIR ({lake_dir}) cannot be written: {error.strerror}. Look at its space and"
            " permissions, or set another LAKE_DIR in .env"
        ) from error


def _file(lake_dir: Path) -> Path:
    return lake_dir / "last-stack"
