"""`lake doctor`: what this machine needs to run the stack, each with its cure; exits with 1."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict

import typer

from lake.json_output import print_json
from lake.machine import Finding, clock, credentials, disk, java, memory
from lake.settings import ROOT, Settings
from lake.stack_checks import answers, containers, leftovers, ports
from lake.version_checks import emr_release, jars, packages, python

JSON = typer.Option(False, "--json", help="Print one JSON document")


def doctor(as_json: bool = JSON) -> None:
    """Check versions, Java, ports, memory, disk, clock, processes and credentials."""
    found = []
    for finding in findings():
        found.append(finding)
        if not as_json:
            typer.echo(line(finding))
    if as_json:
        print_json([asdict(finding) for finding in found])
    if any(finding.state == "fail" for finding in found):
        raise typer.Exit(1)


def findings() -> Iterator[Finding]:
    """Each as soon as it is known. Without settings that can be read, those of the machine only."""
    yield python()
    yield from packages(ROOT / "requirements" / "dev.txt")
    yield emr_release()
    yield _safely("java", java)
    try:
        settings = Settings.from_env()
    except SystemExit as error:
        yield Finding("settings", "fail", str(error), "mend .env; .env.example shows each setting")
        return
    yield jars(settings.jars_dir)
    yield from ports(settings)
    yield memory()
    yield disk(settings.lake_dir)
    yield clock(settings.endpoint_url)
    yield leftovers(settings)
    yield containers(settings)
    yield answers(settings)
    yield from credentials(os.environ, settings.endpoint_url)


def line(finding: Finding) -> str:
    text = f"{finding.state:<5} {finding.name:<14} {finding.told}"
    return f"{text}\n{'':<20} -> {finding.cure}" if finding.cure else text


def _safely(name: str, check: Callable[[], Finding]) -> Finding:
    """What a check cannot find out is told, and the others go on."""
    try:
        return check()
    except Exception as error:
        return Finding(
            name, "fail", f"{type(error).__name__}: {error}", "see docs/troubleshooting.md"
        )
