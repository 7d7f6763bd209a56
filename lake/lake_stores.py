"""What of LAKE_DIR is the lake: the stores of the edge, the Spark service and the simulator."""

from __future__ import annotations

from pathlib import Path

SNAPSHOTS = "snapshots"
RESTORING = "restoring"
S3_DATA = Path("s3") / "data"
# "*.sqlite*" are databases with their journals.
STORES = (
    *("*.sqlite*", "catalogs", "spark.token", "s3"),
    *("repositories", "spark", "calendly", "last-stack"),
)


def stores(lake_dir: Path) -> list[Path]:
    """The files and folders that a snapshot holds, and that a restore replaces."""
    return sorted(path for name in STORES for path in lake_dir.glob(name))


def databases(lake_dir: Path) -> list[Path]:
    """The SQLite files among them, without their journals."""
    found = []
    for store in stores(lake_dir):
        candidates = [store] if store.is_file() else _below(store, lake_dir / S3_DATA)
        found += [path for path in candidates if path.suffix == ".sqlite"]
    return found


def other_files(lake_dir: Path) -> list[Path]:
    """Those that are neither databases nor their journals nor S3's data.

    In the order in which to copy them: references of a repository before its objects, so that none
    names what is not there.
    """
    found = []
    for store in stores(lake_dir):
        candidates = [store] if store.is_file() else _below(store, lake_dir / S3_DATA)
        found += [path for path in candidates if ".sqlite" not in path.name]
    return sorted(found, key=lambda path: ("objects" in path.parts, path))


def _below(folder: Path, left_out: Path) -> list[Path]:
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path == left_out or path.is_symlink():
            continue
        found += _below(path, left_out) if path.is_dir() else [path] if path.is_file() else []
    return found
