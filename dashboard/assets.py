"""Streamlit's own files, which do not change while the dashboard runs, answered from memory.

A first look loads 120 of them. Streamlit takes a thread and three times as long for each, and the
browser asks for half of them only when the first elements have come, while the script needs the
processor. So they are kept, and the page names ahead those that it will draw with.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

# Their names carry a hash of their content.
FOR_EVER = b"public, immutable, max-age=31536000"
# What the overview's first numbers are drawn with. Not the charts' part: Vega keeps the browser
# busy for half a second, which the numbers need not wait for.
OVERVIEW_PARTS = (
    "Html",
    "ButtonGroup",
    "DateInput",
    "Multiselect",
    "Selectbox",
    "Checkbox",
    "Metric",
    "BidiComponent",
)
IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.~-]+\.js)["']""")


class Assets:
    """ASGI middleware; `pages` are the parts of Streamlit that each path is drawn with first."""

    def __init__(self, app: Any, folder: Path, pages: Mapping[str, Iterable[str]]) -> None:
        self._app = app
        self._files = {
            f"/static/{file.relative_to(folder / 'static').as_posix()}": file
            for file in (folder / "static").rglob("*")
            if file.is_file()
        }
        self._kept: dict[str, bytes] = {}
        index = (folder / "index.html").read_text()
        scripts = folder / "static" / "js"
        self._pages = {
            path: with_preloads(index, needed(scripts, parts)).encode()
            for path, parts in pages.items()
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"] if scope["type"] == "http" and scope["method"] == "GET" else None
        if path in self._pages:
            await answer(send, self._pages[path], b"text/html; charset=utf-8", b"no-cache")
        elif path in self._files:
            await answer(send, self._read(path), media_type(path), FOR_EVER)
        else:
            await self._app(scope, receive, send)

    def _read(self, path: str) -> bytes:
        if path not in self._kept:
            self._kept[path] = self._files[path].read_bytes()
        return self._kept[path]


def needed(scripts: Path, parts: Iterable[str]) -> list[str]:
    """The names of the parts' files and of all that these import; raises FileNotFoundError."""
    found: dict[str, None] = {}
    waiting = [_file(scripts, part) for part in parts]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += IMPORTED.findall((scripts / name).read_text())
    return list(found)


def _file(scripts: Path, part: str) -> str:
    found = sorted(file.name for file in scripts.glob(f"{part}.*.js"))
    if len(found) != 1:
        raise FileNotFoundError(f"Expected one file {part}.*.js in {scripts}, found {found}")
    return found[0]


def with_preloads(index: str, names: Iterable[str]) -> str:
    links = "".join(
        f'<link rel="modulepreload" crossorigin fetchpriority="low" href="./static/js/{name}">'
        for name in names
        if name not in index
    )
    return index.replace("</head>", f"{links}</head>", 1)


def media_type(path: str) -> bytes:
    return (mimetypes.guess_type(path)[0] or "application/octet-stream").encode()


async def answer(send: Any, body: bytes, kind: bytes, caching: bytes) -> None:
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", caching),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
