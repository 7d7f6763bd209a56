"""Versions against each other: what is installed, what is pinned, what the EMR release has."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lake.jars import POM, jars_of
from lake.machine import Finding
from lake.settings import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
LABEL = re.compile(r"ReleaseLabel: (emr-\S+)")
NAMED = 5
# Of each release the Spark and the Delta that it has.
# https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html
RELEASES = {"emr-7.12.0": {"pyspark": "3.5.6", "delta-spark": "3.3.2"}}
DELTA_JAR = "delta-spark_2.12"


def python() -> Finding:
    found = f"{sys.version_info.major}.{sys.version_info.minor}"
    if found == "3.11":
        return Finding("python", "ok", f"{sys.version.split()[0]} at {sys.prefix}")
    cure = "remove .venv, and `make setup PYTHON=python3.11`"
    return Finding("python", "fail", f"expected Python 3.11, found {found}", cure)


def packages(pins: Path) -> Iterator[Finding]:
    """What is installed against what is pinned; a package that the machine does not need is left
    out of its pins by a marker, and of this."""
    wanted = dict(PIN.findall(pins.read_text()))
    differing = [
        f"{name} {found} instead of {pin}"
        for name, pin in wanted.items()
        if (found := _installed(name)) not in (pin, None)
    ]
    missing = [name for name in RELEASES["emr-7.12.0"] if _installed(name) is None]
    if not differing and not missing:
        yield Finding("packages", "ok", f"{len(wanted)} as pinned in {pins.relative_to(ROOT)}")
        return
    more = f" and {len(differing) - NAMED} more" if len(differing) > NAMED else ""
    told = ", ".join([*differing[:NAMED], *(f"{name} is missing" for name in missing)])
    yield Finding("packages", "fail", f"{told}{more}", "`make setup`")


def emr_release() -> Finding:
    """Spark and Delta here against those of the release that the template asks for."""
    labels = set(LABEL.findall((ROOT / "aws_bootstrap" / "template.yaml").read_text()))
    unknown = sorted(labels - RELEASES.keys())
    if unknown or len(labels) != 1:
        told = f"expected one of {', '.join(RELEASES)}, found {', '.join(sorted(labels))}"
        return Finding("emr", "warn", told, "look up its versions, and add them to RELEASES")
    (label,) = labels
    wanted = RELEASES[label]
    jar = {jar.artifact: jar.version for jar in jars_of(POM)}.get(DELTA_JAR)
    found = {"pyspark": _installed("pyspark"), "delta-spark": _installed("delta-spark")}
    differing = [
        f"{name} {found[name]}, not {pin}" for name, pin in wanted.items() if found[name] != pin
    ]
    if jar != wanted["delta-spark"]:
        differing.append(f"{DELTA_JAR}.jar {jar}, not {wanted['delta-spark']}")
    if not differing:
        return Finding("emr", "ok", f"{label} has Spark {wanted['pyspark']}, Delta {jar}")
    cure = "set requirements/spark.in and pom.xml to the release's versions, `make requirements`"
    return Finding("emr", "fail", f"{label} has others: {'; '.join(differing)}", cure)


def jars(folder: Path) -> Finding:
    missing = [jar.file_name for jar in jars_of(POM) if not (folder / jar.file_name).exists()]
    if missing:
        told = f"missing in {folder}: {', '.join(missing[:NAMED])}"
        return Finding("jars", "fail", told, "remove the folder, and `make setup`")
    return Finding("jars", "ok", f"all of pom.xml are in {folder}")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
