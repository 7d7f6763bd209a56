"""The secret by which the Spark service knows the edge: a file that only their user can read."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def shared_token(file: Path) -> str:
    """The file's text; whichever of the two starts first makes it, with mode 600, never by half."""
    if not file.exists():
        part = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as writing:
            writing.write(secrets.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):  # the other one was faster
            os.link(part, file)
        part.unlink()
    return file.read_text()


def bearer(token: str) -> str:
    """The value of the Authorization header."""
    return f"Bearer {token}"
