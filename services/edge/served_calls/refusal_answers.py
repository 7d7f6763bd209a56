"""What a caller of AWS's API reads where the edge refuses its request, as its protocol has it."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

CODE = "AccessDenied"


def answer(environ: dict[str, Any], reason: str) -> tuple[str, bytes]:
    """Content type and body: JSON for the protocols of JSON, else XML as of S3 and queries."""
    if "json" in environ.get("CONTENT_TYPE", ""):
        return "application/json", json.dumps({"__type": CODE, "message": reason}).encode()
    error = f"<Error><Code>{CODE}</Code><Message>{escape(reason)}</Message></Error>"
    return "application/xml", f"<ErrorResponse>{error}</ErrorResponse>".encode()
