"""The Lambda Runtime API over HTTP: hands one invocation at a time to a runtime, takes its answer.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
Read and written by hand: two requests belong to each invocation, and Python's http.server takes
longer for them than most functions do for their work.
"""

from __future__ import annotations

import json
import queue
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from services.admission import Names, refusal
from services.edge.http.sockets import Reader, Writer

ROOT = "/2018-06-01/runtime"
NAMES = Names(frozenset({"127.0.0.1"}), ())
REASONS = {200: "OK", 202: "Accepted", 403: "Forbidden", 404: "Not Found", 410: "Gone"}
# The runtime sends an error's whole trace in a header of up to 1 MB, which nobody reads here.
LINE_BYTES = 2 * 2**20
WATCH_SECONDS = 3600.0


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
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._place = self._listener.getsockname()
        self._is_closed = False
        threading.Thread(target=self._accept, name="runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._place[1]}"

    def close(self) -> None:
        self.invocations.put(None)
        self._is_closed = True
        with suppress(OSError):
            socket.create_connection(self._place).close()  # wakes the thread that accepts

    def _accept(self) -> None:
        with self._listener:
            while True:
                connection, _ = self._listener.accept()
                if self._is_closed:
                    connection.close()
                    return
                serve = _Connection(self, connection).serve
                threading.Thread(target=serve, name="runtime-api", daemon=True).start()


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes


class MalformedError(Exception):
    """What came is no request: the connection ends."""


class _Connection:
    def __init__(self, api: RuntimeApi, connection: socket.socket) -> None:
        self._api, self._socket = api, connection
        # Each answer leaves in one segment, at once.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader, self._writer = Reader(connection), Writer(connection)

    def serve(self) -> None:
        with self._socket:
            try:
                while (request := self._request()) and self._serve(request):
                    pass
            except ConnectionError:
                # What a process has not read when it ends makes the kernel reset its connection.
                self._api.unread.set()
            except (MalformedError, TimeoutError, ValueError):
                return

    def _serve(self, request: _Request) -> bool:
        """Whether the connection goes on."""
        reason = refusal(request.headers, NAMES)
        if reason is not None:  # by GET alone an image in a page would take an invocation away
            self._send(403, json.dumps({"errorMessage": reason}).encode())
            return False
        if request.method == "GET":
            return self._hand_out(request.path)
        self._take(request)
        return True

    def _hand_out(self, path: str) -> bool:
        if path != f"{ROOT}/invocation/next":
            self._send(404)
            return True
        self._api.initialised.set()
        invocation = self._api.invocations.get()
        if invocation is None:
            self._send(410)
            return True
        if self._is_gone():
            self._api.unread.set()
            return False
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
        }
        self._send(200, invocation.payload, headers)
        return True

    def _take(self, request: _Request) -> None:
        if request.path == f"{ROOT}/init/error":
            self._api.init_error = request.body
            self._api.initialised.set()
        else:
            path = request.path.removeprefix(f"{ROOT}/invocation/")
            request_id, _, kind = path.partition("/")
            self._api.answers.put(Answer(request_id, request.body, is_error=kind == "error"))
        self._send(202, b'{"status":"OK"}')

    def _is_gone(self) -> bool:
        """Whether the runtime, which waits for the answer, has closed its connection."""
        try:
            return not self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except ConnectionError:
            return True

    def _request(self) -> _Request | None:
        """The next one; None where the runtime has closed the connection."""
        while not self._reader.comes(WATCH_SECONDS):
            pass
        self._reader.begin()
        line = self._line()
        if not line:
            return None
        words = line.split(" ")
        if len(words) != 3:
            raise MalformedError(line)
        headers = []
        while line := self._line():
            name, _, value = line.partition(":")
            headers.append((name.lower(), value.strip()))
        return _Request(words[0], words[1], headers, self._body(dict(headers)))

    def _line(self) -> str:
        return self._reader.readline(LINE_BYTES).decode("latin-1").rstrip("\r\n")

    def _body(self, headers: dict[str, str]) -> bytes:
        if "chunked" not in headers.get("transfer-encoding", ""):
            return self._exactly(int(headers.get("content-length", "0")))
        chunks = []
        while size := int(self._line().partition(";")[0], 16):
            chunks.append(self._exactly(size))
            self._line()
        self._line()
        return b"".join(chunks)

    def _exactly(self, size: int) -> bytes:
        data = self._reader.read(size)
        if len(data) < size:
            raise MalformedError(f"Expected {size} bytes, found {len(data)}")
        return data

    def _send(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        lines = [f"HTTP/1.1 {status} {REASONS[status]}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
        self._writer.write("\r\n".join(lines).encode("latin-1") + body)
