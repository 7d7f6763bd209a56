"""Delta's jars in the image of a release, where a job names these instead of jars of its own.

https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-delta-lake.html
"""

from __future__ import annotations

from collections.abc import Sequence

from services.edge.emr_serverless import errors
from services.spark.delta_jars import IMAGE

Release = tuple[int, ...]
KNOWN: list[tuple[Release, tuple[str, ...]]] = [
    ((7, 0), ("delta-spark.jar", "delta-storage.jar")),
    ((6, 9), ("delta-core.jar", "delta-storage.jar")),
    ((0, 0), ()),
]


def check(jars: Sequence[str], label: str) -> None:
    """Raises ValidationException for one that is not there: on AWS the run would start and fail."""
    named = [uri.rpartition("://")[2].removeprefix("file:") for uri in jars]
    asked = [path.removeprefix(IMAGE) for path in named if path.startswith(IMAGE)]
    known = next(names for first, names in KNOWN if release(label) >= first)
    if absent := [jar for jar in asked if jar not in known]:
        has = " and ".join(known) or "none"
        raise errors.validation(
            f"{', '.join(absent)} is not in {IMAGE.rstrip('/')} of {label}, which has {has}:"
            " name those, or jars in S3"
        )


def release(label: str) -> Release:
    return tuple(map(int, label.removeprefix("emr-").split(".")[:2]))
