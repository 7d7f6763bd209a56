"""What this machine brings: Java, memory, room on the disk, a clock, credentials."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

import psutil

from lake.settings import ROOT

State = Literal["ok", "warn", "fail"]

JAVA = 17  # EMR 7.12 has it, and Spark 3.5 runs on none after it
# Measured: docs/performance.md. The stack at rest, and with a job that runs.
MEMORY_AT_REST, MEMORY_WITH_A_JOB = 1.5, 3.0
DISK_LEAST, DISK_GOOD = 1.0, 5.0
GIB = 2**30
CLOCK_OFF = timedelta(seconds=5)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
REAL_KEY = re.compile(r"A(?:KIA|SIA)[A-Z2-7]{12,}")


@dataclass(frozen=True)
class Finding:
    """A check's name, its verdict, what was found, and the cure where it is not ok."""

    name: str
    state: State
    told: str
    cure: str = ""


def java() -> Finding:
    from services.spark.java import java_home

    program = java_home() / "bin" / "java"
    done = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)[^"]*"', done.stderr)
    if found and int(found[1]) == JAVA:
        return Finding("java", "ok", f"{found[0]} at {program}")
    told = f"expected Java {JAVA}, found {found[0] if found else 'none'} at {program}"
    return Finding("java", "fail", told, "set JAVA_HOME to a Java 17, or unset it: `make setup`")


def memory() -> Finding:
    free = psutil.virtual_memory().available / GIB
    needs = {"the stack needs": MEMORY_AT_REST, "a job needs": MEMORY_WITH_A_JOB}
    cure = "close programs, or set SPARK_DRIVER_MEMORY lower in .env"
    return _enough("memory", free, "", needs, cure)


def disk(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free / GIB
    needs = {"the stack needs": DISK_LEAST, "expected": DISK_GOOD}
    cure = "make room, or set LAKE_DIR in .env to another disk"
    return _enough("disk", free, f" in {there}", needs, cure)


def _enough(name: str, free: float, where: str, needs: Mapping[str, float], cure: str) -> Finding:
    """`needs` are GiB by who needs them: it fails below the first, and warns below the second."""
    told = f"{free:.1f} GiB free{where}"
    states: tuple[State, ...] = ("fail", "warn")
    for state, (who, least) in zip(states, needs.items(), strict=True):
        if free < least:
            return Finding(name, state, f"{told}, {who} {least} GiB", cure)
    return Finding(name, "ok", told)


def clock(endpoint_url: str) -> Finding:
    """Against the endpoint's, and the time of this repository's files, which cannot be later."""
    now = datetime.now(UTC)
    cure = "set the clock; signatures of webhooks and certificates depend on it"
    newest = datetime.fromtimestamp((ROOT / "pyproject.toml").stat().st_mtime, UTC)
    if now < newest - CLOCK_OFF:
        return Finding("clock", "fail", f"{now:%Y-%m-%d %H:%M} UTC is before {newest:%F}", cure)
    theirs = _time_of(endpoint_url)
    if theirs is not None and abs(now - theirs) > CLOCK_OFF:
        off = abs(now - theirs).total_seconds()
        return Finding("clock", "fail", f"{off:.0f} s away from the endpoint's", cure)
    return Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _time_of(endpoint_url: str) -> datetime | None:
    import requests

    try:
        answer = requests.get(f"{endpoint_url}/_localstack/health", timeout=5)
        return parsedate_to_datetime(answer.headers["date"])
    except (requests.RequestException, KeyError, ValueError):
        return None


def credentials(variables: Mapping[str, str], endpoint_url: str) -> Iterator[Finding]:
    """Keys of a real account do not belong where commands are meant for this machine."""
    key = variables.get("AWS_ACCESS_KEY_ID", "")
    address = variables.get("AWS_ENDPOINT_URL", "")
    local = f"export AWS_ENDPOINT_URL={endpoint_url}"
    if REAL_KEY.fullmatch(key):
        yield Finding(
            "credentials",
            "warn" if address else "fail",
            f"AWS_ACCESS_KEY_ID is a real account's ({key[:4]}...{key[-2:]}); `aws` reaches"
            f" {address or 'that account'}",
            f"unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, {local}",
        )
    elif profile := variables.get("AWS_PROFILE"):
        yield Finding(
            "credentials",
            "warn",
            f"AWS_PROFILE is {profile}: `aws` takes its credentials, and reaches"
            f" {address or 'its account'}",
            f"unset AWS_PROFILE, {local}",
        )
    else:
        yield Finding("credentials", "ok", "none of a real account in the environment")
