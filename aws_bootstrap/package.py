"""What is deployed, from the repository's files: code tree, Lambda zips, state machine."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

INGESTION = "project6-calendly-webhook-ingestion"
TRIGGER = "project6-trigger-code-pipeline"
UPDATE = "project6-update-functions"  # changed by the stack only, so not in the code tree
SCRIPTS = (
    "project6-marketing-bronze",
    "project6-silver-events",
    "project6-silver-marketing",
    "project6-gold",
)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


class PackageError(Exception):
    """A file that should be deployed is missing."""


@dataclass(frozen=True)
class Package:
    """`code`: the tree that the pipeline deploys; `parts`: what CloudFormation reads, by key."""

    template: str
    code: dict[str, bytes]
    parts: dict[str, bytes]
    ingestion_key: str
    trigger_key: str
    update_key: str
    state_machine_key: str


def package(root: Path) -> Package:
    lambdas = {
        name: _read(root / f"services/lambdas/{name}.py") for name in (INGESTION, TRIGGER, UPDATE)
    }
    scripts = {name: _read(root / f"spark_jobs/{name}.py") for name in SCRIPTS}
    definition = _read(root / "aws_bootstrap/state_machine.asl.json")
    zips = {name: zip_of({f"{name}.py": source}) for name, source in lambdas.items()}
    keys = {name: content_key("lambdas", name, ".zip", content) for name, content in zips.items()}
    state_machine_key = content_key("state-machine", "definition", ".asl.json", definition)
    return Package(
        template=_read(root / "aws_bootstrap/template.yaml").decode(),
        code=code_tree(lambdas, scripts, zip_of(_library(root / "spark_jobs/lakehouse"))),
        parts={keys[name]: zips[name] for name in zips} | {state_machine_key: definition},
        ingestion_key=keys[INGESTION],
        trigger_key=keys[TRIGGER],
        update_key=keys[UPDATE],
        state_machine_key=state_machine_key,
    )


def code_tree(
    lambdas: dict[str, bytes], scripts: dict[str, bytes], library: bytes
) -> dict[str, bytes]:
    """The tree that the code bucket holds: sources by folder, and the jobs' shared zip."""
    deployed = {name: source for name, source in lambdas.items() if name != UPDATE}
    return {
        **{f"Python_codes/{name}.py": source for name, source in deployed.items()},
        **{f"Spark_codes/{name}.py": source for name, source in scripts.items()},
        "Spark_codes/lakehouse.zip": library,
    }


def zip_of(files: dict[str, bytes]) -> bytes:
    """A zip whose bytes depend on names and contents only."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16  # Lambda must be able to read it
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return content.getvalue()


def content_key(folder: str, name: str, suffix: str, content: bytes) -> str:
    """A key that changes with the content, so that a change of code is a change of the stack."""
    return f"{folder}/{name}-{hashlib.sha256(content).hexdigest()[:16]}{suffix}"


def _library(folder: Path) -> dict[str, bytes]:
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and "__pycache__" not in path.parts
    ]
    return {str(path.relative_to(folder.parent)): path.read_bytes() for path in files}


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise PackageError(f"Expected {path} to be deployed, found no such file")
    return path.read_bytes()
