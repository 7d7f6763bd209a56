"""The ports that a stack is about to take: a taken one is named with its cure before it starts."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress

import psutil

from lake.errors import StackError


def refuse_taken(wanted: Mapping[str, int], own: frozenset[int] = frozenset()) -> None:
    """`wanted` are ports by the names of their settings, `own` those that the stack has already."""
    for name, port in wanted.items():
        if port not in own and is_taken(port):
            raise taken(port, f"set {name} in .env")


def taken(port: int, cure: str) -> StackError:
    return StackError(f"Port {port} is taken by another program{holder(port)}: stop it, or {cure}")


def is_listened_to(port: int) -> bool:
    """Without connecting, which a debugger would take for its client."""
    try:
        found = psutil.net_connections("tcp")
    except psutil.Error:  # not every system shows those of all processes
        return bool(holder(port))
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in found)


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def holder(port: int) -> str:
    """Its name and process id, where it is one of this user's."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            for connection in process.net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                    return f" ({process.name()}, process {process.pid})"
    return ""
