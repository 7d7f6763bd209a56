"""The AWS CLI, told of the endpoint as a user tells it: by the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def variables(url: str) -> dict[str, str]:
    """What any AWS client needs to find the stack."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def text(url: str, *words: str) -> str:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "aws"), *words],
        env={**os.environ, **variables(url)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"aws {words}: {done.stderr}"
    return done.stdout


def answer(url: str, *words: str) -> Any:
    """The answer's JSON; None where the call answers nothing."""
    printed = text(url, *words)
    return json.loads(printed) if printed.strip() else None
