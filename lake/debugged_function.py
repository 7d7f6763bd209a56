"""A function of the working copy, run once under debugpy in the deployed one's environment."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from lake import ports, signing_key
from lake.clients import REGION, make_client
from lake.errors import StackError
from lake.settings import ROOT, Settings
from pipeline.names import SEED_PREFIX
from services.calendly.signature import HEADER, signature

FOLDER = ROOT / "services" / "lambdas"
START_SECONDS = 60.0
# The debugger's own process: waits, then calls the handler once, as the runtime does.
PROGRAM = """
import importlib, json, sys, debugpy
port, folder, module, handler = int(sys.argv[1]), *sys.argv[2:5]
debugpy.listen(("127.0.0.1", port))
debugpy.wait_for_client()
sys.path.insert(0, folder)
called = getattr(importlib.import_module(module), handler)
print(json.dumps(called(json.load(sys.stdin), None), default=str))
"""


def run_function(
    settings: Settings, name: str, event: Path | None, port: int, ready: Callable[[], None]
) -> str | None:
    """Why it failed, None where it did not. `ready` is called once a debugger can attach."""
    file, deployed = _found(settings, name)
    variables = deployed.get("Environment", {}).get("Variables", {})
    sent = _event(settings, event)
    handler = str(deployed["Handler"]).rpartition(".")[2]
    command = [sys.executable, "-c", PROGRAM, str(port), str(FOLDER), file.stem, handler]
    environment = {**os.environ, **_aws(settings), **variables}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, cwd=FOLDER) as running:
        assert running.stdin is not None
        try:
            with running.stdin as stdin:
                stdin.write(json.dumps(sent).encode())
            deadline = time.monotonic() + START_SECONDS
            while not ports.is_listened_to(port):
                if running.poll() is not None or time.monotonic() > deadline:
                    return f"{file.name} did not start"
                time.sleep(0.1)
            typer.echo(f"Running {file.relative_to(ROOT)} with the deployed function's variables")
            ready()
            code = running.wait()
        finally:
            running.kill()
    return f"{file.name} ended with {code}" if code else None


def _found(settings: Settings, name: str) -> tuple[Path, dict[str, Any]]:
    """The source, by the function's name or its end, and what is deployed of it."""
    known = {path.stem: path for path in sorted(FOLDER.glob("*.py"))}
    stems = [stem for stem in known if name in (stem, stem.partition("-")[2])]
    if not stems:
        raise StackError(f"Expected a function ({', '.join(known)}), found {name!r}")
    deployed = stems[0].replace(SEED_PREFIX, settings.names.prefix, 1)
    found = make_client("lambda", settings).get_function_configuration(FunctionName=deployed)
    return known[stems[0]], dict(found)


def _event(settings: Settings, file: Path | None) -> Any:
    """The file's, or the proxy event of a signed delivery of the sample."""
    if file is not None:
        try:
            return json.loads(file.read_text())
        except (OSError, ValueError) as error:
            raise StackError(f"Expected a JSON file as the event, found {file}: {error}") from error
    from sample_data import generator, stories

    made = stories.new_booking(random.Random(time.time()), generator.FIRST_DAY)
    body = stories.creation(random.Random(1), made).body
    signed = signature(signing_key.current(settings), body, int(time.time()))
    return {
        "httpMethod": "POST",
        "path": "/webhook",
        "headers": {"Content-Type": "application/json", HEADER: signed},
        "body": body.decode(),
        "isBase64Encoded": False,
    }


def _aws(settings: Settings) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": settings.endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a warning of frozen modules, which are no one's
    }
