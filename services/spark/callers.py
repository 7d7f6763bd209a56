"""Who may ask the Spark service: no page of a browser, and only who holds the token."""

from __future__ import annotations

import hmac
import json
from typing import Any

from flask import Flask, Response, jsonify, request

from services.admission import Names
from services.admission_wsgi import admitting
from services.spark_token import bearer

# Asked by whoever waits for the service to be there, and told counts alone; and Spark's pages, that
# their reader opens in a browser.
PAGES = "/pages/"
# /credentials asks for the authorization that a run's own environment holds.
OPEN = ("/health", PAGES, "/credentials")
JSON = "application/json"


def let_in(app: Flask, names: Names, token: str) -> None:
    """Ask each request for an own name, for no foreign page, for the token and for JSON."""
    admitted = admitting(app.wsgi_app, names, told, is_page)
    app.wsgi_app = admitted  # type: ignore[assignment, method-assign]
    expected = bearer(token).encode()

    @app.before_request
    def check() -> tuple[Response, int] | None:
        if request.method == "GET" and request.path.startswith(OPEN):
            return None
        sent = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(sent, expected):
            message = "expected `Authorization: Bearer <token>` with the token that the edge has"
            return refused("Unauthorized", message), 401
        if request.content_length and request.mimetype != JSON:
            return refused("UnsupportedMediaType", f"expected a body of {JSON}"), 415
        return None


def is_page(environ: dict[str, Any]) -> bool:
    """Spark's pages are only read: the dashboard of a job run may be a link on a page elsewhere."""
    return environ["REQUEST_METHOD"] == "GET" and str(environ["PATH_INFO"]).startswith(PAGES)


def refused(code: str, message: str) -> Response:
    return jsonify(error={"code": code, "message": message})


def told(_environ: dict[str, Any], reason: str) -> tuple[str, bytes]:
    return JSON, json.dumps({"error": {"code": "Forbidden", "message": reason}}).encode()
