"""What the processes of the embedded stack print: their parts of the one file that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def last_lines(path: Path, process: str) -> tuple[list[str], int]:
    """The process's lines, and how far the file was read."""
    return _read(path, process, 0)


def later_lines(path: Path, process: str, offset: int) -> Iterator[str | None]:
    """Lines that come after `offset`, as they come; None where there is none just now."""
    while True:
        if path.stat().st_size < offset:  # a new start of the stack begins a new file
            offset = 0
        lines, offset = _read(path, process, offset)
        yield from lines
        yield None


def _read(path: Path, process: str, offset: int) -> tuple[list[str], int]:
    with path.open("rb") as file:
        file.seek(offset)
        whole = file.read()
    whole = whole[: whole.rfind(b"\n") + 1]
    lines = whole.decode(errors="replace").splitlines()
    return [text for line in lines if (text := _text(line, process)) is not None], offset + len(
        whole
    )


def _text(line: str, process: str) -> str | None:
    """The line without its `10:11:12 edge.1 | `; None for another process's."""
    name, _, text = line.partition(" | ")
    return text if name.split()[-1:] in ([f"{process}.1"], [process]) else None
