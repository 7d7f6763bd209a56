"""A client of the Debug Adapter Protocol, as an editor is one.

https://microsoft.github.io/debug-adapter-protocol/specification
"""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any, Self


class DebugAdapter:
    def __init__(self, port: int, seconds: float = 120) -> None:
        self._seconds = seconds
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self._file = self._socket.makefile("rb")
        self._number = 0
        self._waiting: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def attach(self, breakpoints: dict[Path, list[int]]) -> None:
        self.answer(self.ask("initialize", adapterID="debugpy", clientID="test"))
        attaching = self.ask("attach", justMyCode=False)
        self.event("initialized")
        for path, lines in breakpoints.items():
            asked = {"source": {"path": str(path)}, "breakpoints": [{"line": n} for n in lines]}
            self.answer(self.ask("setBreakpoints", **asked))
        self.answer(self.ask("configurationDone"))
        self.answer(attaching)

    def stop(self) -> tuple[str, int, dict[str, str]]:
        """Where it stops next: the file, the line, and the local variables as text."""
        stopped = self.event("stopped")["body"]
        frames = self.answer(self.ask("stackTrace", threadId=stopped["threadId"]))["stackFrames"]
        scopes = self.answer(self.ask("scopes", frameId=frames[0]["id"]))["scopes"]
        asked = {"variablesReference": scopes[0]["variablesReference"]}
        variables = self.answer(self.ask("variables", **asked))["variables"]
        values = {one["name"]: one["value"] for one in variables}
        return frames[0]["source"]["path"], frames[0]["line"], values

    def go_on(self) -> None:
        """Without the debugger."""
        self.answer(self.ask("disconnect", terminateDebuggee=False))

    def ask(self, command: str, **arguments: Any) -> int:
        self._number += 1
        message = {"seq": self._number, "type": "request", "command": command}
        content = json.dumps({**message, "arguments": arguments}).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        return self._number

    def answer(self, number: int) -> dict[str, Any]:
        found = self._next(lambda m: m["type"] == "response" and m["request_seq"] == number)
        assert found["success"], found
        return found.get("body") or {}

    def event(self, name: str) -> dict[str, Any]:
        return self._next(lambda m: m["type"] == "event" and m["event"] == name)

    def _next(self, wanted: Any) -> dict[str, Any]:
        deadline = time.monotonic() + self._seconds
        while time.monotonic() < deadline:
            for place, message in enumerate(self._waiting):
                if wanted(message):
                    return self._waiting.pop(place)
            self._waiting.append(self._read())
        raise AssertionError(f"not within {self._seconds} s: {self._waiting}")

    def _read(self) -> dict[str, Any]:
        length = 0
        while line := self._file.readline().strip():
            name, _, value = line.partition(b":")
            if name == b"Content-Length":
                length = int(value)
        return json.loads(self._file.read(length))
