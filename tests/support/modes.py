"""Who may read what a stack keeps."""

from __future__ import annotations

import stat
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def open_to_others(folder: Path) -> list[str]:
    """Modes and paths of what is not its user's alone, the folder itself included."""
    found = []
    for path in [folder, *folder.rglob("*")]:
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue
        if mode & OTHERS and not stat.S_ISLNK(mode):
            found.append(f"{stat.S_IMODE(mode):o} {path}")
    return found
