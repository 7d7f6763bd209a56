"""What keeps the stack from starting, stopping or answering; needs the standard library alone."""

from __future__ import annotations

INTERRUPTED = 130  # as shells count: 128 + SIGINT


class StackError(Exception):
    """The stack cannot be started or stopped; the message says why and what to do."""


class ComposeError(Exception):
    """`docker compose` failed; the message is what it said and what to do."""
