"""The rule of services/admission.py in front of the dashboard's pages and their socket."""

from __future__ import annotations

from typing import Any

from services.admission import Names, refusal

POLICY_VIOLATION = 1008


class Admission:
    """ASGI middleware. Streamlit's own settings leave pages and uploads open to any Host."""

    def __init__(self, app: Any, names: Names) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        reason = None
        if scope["type"] in ("http", "websocket"):
            headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]]
            reason = refusal(headers, self._names)
        if reason is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Before it is accepted, so the server answers the handshake with 403.
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": reason})
        else:
            await refuse(send, f"{reason}\n".encode())


async def refuse(send: Any, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
