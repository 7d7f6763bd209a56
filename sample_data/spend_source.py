"""The recorded spend files, named as the marketing source names them."""

from __future__ import annotations

from sample_data.recorded import FOLDER, INDEX

PREFIX = "calendly_spend_data/"


def source_objects() -> dict[str, bytes]:
    """The files by key; the index last, so that it never names a file that is not there yet."""
    paths = sorted((FOLDER / "spend").glob("*.json"), key=lambda path: (path.name == INDEX, path))
    return {PREFIX + path.name: path.read_bytes() for path in paths}
