"""A snapshot in, the lake as it was then out: all of it, or the lake stays as it is.

What the lake holds is moved aside and what the snapshot holds is moved in, entry by entry; until
the last one is in its place, a journal says how to take it all back. A restore that was killed is
taken back by the next start (stack.py), save or restore.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from lake.errors import StackError
from lake.lake_stores import RESTORING, S3_DATA, SNAPSHOTS, stores
from lake.snapshot_save import MANIFEST, PART, Links, Snapshot, Told
from services.private_files import keep_private

JOURNAL = "journal.json"


def snapshots(lake_dir: Path) -> list[Snapshot]:
    """Oldest first."""
    found = []
    for manifest in (lake_dir / SNAPSHOTS).glob(f"*/{MANIFEST}"):
        if not manifest.parent.name.startswith(PART):
            found.append(Snapshot(**json.loads(manifest.read_text())))
    return sorted(found, key=lambda one: one.saved_at)


def restore(lake_dir: Path, name: str, told: Told) -> Snapshot:
    """Of a stack that does not run. Raises StackError where there is no such snapshot."""
    known = {one.name: one for one in snapshots(lake_dir)}
    if name not in known:
        there = f"there are {', '.join(known)}" if known else "`lake snapshot save` makes one"
        raise StackError(f"Expected a snapshot, found none called {name}: {there}")
    take_back(lake_dir)
    place = lake_dir / RESTORING
    keep_private(place)
    try:
        told("Copying the snapshot ...")
        _copied(lake_dir / SNAPSHOTS / name, place / "new")
        told("Putting it in place ...")
        _swapped(lake_dir, place)
    except BaseException:
        take_back(lake_dir)
        raise
    shutil.rmtree(place, ignore_errors=True)
    return known[name]


def take_back(lake_dir: Path) -> bool:
    """Undo a restore that did not come to its end; whether there was one.

    It may itself be interrupted and repeated: nothing is removed before all is back.
    """
    place = lake_dir / RESTORING
    if not place.is_dir():
        return False
    journal = place / JOURNAL
    if journal.exists():
        names = json.loads(journal.read_text())
        for name in names["new"]:
            if not (place / "new" / name).exists():  # it had been moved in
                (lake_dir / name).rename(place / "new" / name)
        for name in names["old"]:
            if (place / "old" / name).exists():
                (place / "old" / name).rename(lake_dir / name)
        journal.unlink()
    shutil.rmtree(place)
    return True


def _copied(snapshot: Path, target: Path) -> None:
    for path in sorted(snapshot.rglob("*")):
        relative = path.relative_to(snapshot)
        if path.is_dir() or relative.name == MANIFEST or S3_DATA in relative.parents:
            continue
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target / relative)
    Links(snapshot / S3_DATA, target / S3_DATA).bring_up_to_date()


def _swapped(lake_dir: Path, place: Path) -> None:
    old = [path.name for path in stores(lake_dir)]
    new = sorted(path.name for path in (place / "new").iterdir())
    (place / "old").mkdir()
    journal = place / JOURNAL
    unfinished = place / f"{JOURNAL}.part"
    unfinished.write_text(json.dumps({"old": old, "new": new}))
    unfinished.replace(journal)
    for name in old:
        (lake_dir / name).rename(place / "old" / name)
    for name in new:
        (place / "new" / name).rename(lake_dir / name)
    journal.unlink()  # from here on it is done
