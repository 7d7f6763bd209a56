"""The code that a job runs, as digests: of the channels' configuration, and of everything else."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

import pyspark

CHANNELS = "channels.json"


def code_version(script: Path) -> dict[str, str]:
    """`channels` and `code`: two runs with the same ones make the same of the same objects.

    The code is the script, this package, from a folder or from a zip, and Spark.
    """
    sources = {
        file.name: file.read_bytes()
        for file in files("lakehouse").iterdir()
        if file.name.endswith(".py")
    }
    code = {**sources, script.name: script.read_bytes(), "spark": pyspark.__version__.encode()}
    return {
        "channels": _digest({CHANNELS: files("lakehouse").joinpath(CHANNELS).read_bytes()}),
        "code": _digest(code),
    }


def _digest(contents: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()
