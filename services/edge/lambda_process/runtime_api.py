"""The Lambda Runtime API over HTTP: hands one invocation at a time to a runtime, takes its answer.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import io
import json
import queue
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from services.admission import Names, refusal

ROOT = "/2018-06-01/runtime"
NAMES = Names(frozenset({"127.0.0.1"}), ())


@dataclass(frozen=True)
class Invocation:
    request_id: str
    payload: bytes
    function_arn: str
    trace_id: str
    deadline_ms: int


@dataclass(frozen=True)
class Answer:
    """What the runtime sent back: a response, or an error document."""

    request_id: str
    payload: bytes
    is_error: bool


@dataclass
class RuntimeApi:
    """Serves on 127.0.0.1 at a free port until `close`."""

    invocations: queue.SimpleQueue[Invocation | None] = field(default_factory=queue.SimpleQueue)
    answers: queue.SimpleQueue[Answer] = field(default_factory=queue.SimpleQueue)
    initialised: threading.Event = field(default_factory=threading.Event)
    init_error: bytes | None = None
    # The runtime ended before it had read the invocation that it was given.
    unread: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self.invocations.put(None)
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    api: RuntimeApi


class _Lines(io.BufferedReader):
    """Cuts lines that are longer than asked for, instead of handing them out in pieces.

    The runtime sends an error's whole trace in a header of up to 1 MB, which nobody reads here;
    http.server refuses a request with a line over 64 KB, and the runtime would end.
    """

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline()
        return line if size is None or size < 0 or len(line) < size else line[: size - 3] + b"\r\n"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # Headers and body leave in one segment: two small writes cost 40 ms of delayed ACK.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.rfile = _Lines(self.rfile.detach())  # type: ignore[attr-defined]

    def parse_request(self) -> bool:
        """Where it is no page's: by GET alone an image would take an invocation away."""
        if not super().parse_request():
            return False
        reason = refusal(self.headers.items(), NAMES)
        if reason is not None:
            self.close_connection = True
            self._send(403, json.dumps({"errorMessage": reason}).encode())
        return reason is None

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            # What a process has not read when it ends makes the kernel reset its connection.
            self.server.api.unread.set()

    def do_GET(self) -> None:
        if self.path != f"{ROOT}/invocation/next":
            self._send(404)
            return
        self.server.api.initialised.set()
        invocation = self.server.api.invocations.get()
        if invocation is None:
            self._send(410)
            return
        if self._is_gone():
            self.server.api.unread.set()
            self.close_connection = True
            return
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
        }
        self._send(200, invocation.payload, headers)

    def do_POST(self) -> None:
        body = self._body()
        api = self.server.api
        if self.path == f"{ROOT}/init/error":
            api.init_error = body
            api.initialised.set()
        else:
            request_id, _, kind = self.path.removeprefix(f"{ROOT}/invocation/").partition("/")
            api.answers.put(Answer(request_id, body, is_error=kind == "error"))
        self._send(202, b'{"status":"OK"}')

    def _is_gone(self) -> bool:
        """Whether the runtime, which waits for the answer, has closed its connection."""
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except ConnectionError:
            return True

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _send(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Silent: each invocation would be two lines."""
