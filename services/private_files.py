"""Files of one person on a machine of several: no one else reads what the stack keeps."""

from __future__ import annotations

import os
import stat
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private(folder: Path) -> None:
    """From here on this process and its children make files for their user alone, 600 and 700.

    The folder is made where there is none, and what stands in it already is closed to others.
    """
    os.umask(OTHERS)
    folder.mkdir(parents=True, exist_ok=True)
    close_all(folder)


def close_all(folder: Path) -> None:
    """Take from the folder, and from all below it, what others may."""
    close(folder)
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            close(Path(path, name))


def close(path: Path) -> None:
    """Take what others may from a file's mode; one that is gone meanwhile is no matter."""
    try:
        mode = path.lstat().st_mode
        if mode & OTHERS and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
    except FileNotFoundError:
        return
