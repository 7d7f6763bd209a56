"""Which code each side runs: of the jobs, and of what a proof does not run."""

from __future__ import annotations

from typing import Any

from aws_bootstrap.proof.sides import Side

FOLDERS = ("Python_codes/", "Spark_codes/")


def compared(laptop: Side, cloud: Side) -> list[dict[str, Any]]:
    """The files of the code buckets that differ, with their ETags.

    The webhook's function and the Glue job copy what they are given, and only to where the
    pipeline's own data is: a proof does not run them, their code is compared.
    """
    ours, theirs = _etags(laptop), _etags(cloud)
    return [
        {"file": name, "laptop": ours.get(name), "cloud": theirs.get(name)}
        for name in sorted(ours.keys() | theirs.keys())
        if ours.get(name) != theirs.get(name)
    ]


def _etags(side: Side) -> dict[str, str]:
    pages = side.make_client("s3").get_paginator("list_objects_v2")
    return {
        entry["Key"]: entry["ETag"].strip('"')
        for folder in FOLDERS
        for page in pages.paginate(Bucket=side.names.code_bucket, Prefix=folder)
        for entry in page.get("Contents", [])
    }
