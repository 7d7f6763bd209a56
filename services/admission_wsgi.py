"""The rule of services/admission.py in front of a WSGI application: its answer, or 403."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from services.admission import Names, refusal

PIECE = 65536
Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
# Content type and body of a refusal, in the words of the service.
Told = Callable[[Environ, str], tuple[str, bytes]]


def in_text(_environ: Environ, reason: str) -> tuple[str, bytes]:
    return "text/plain; charset=utf-8", f"{reason}\n".encode()


def may_never(_environ: Environ) -> bool:
    return False


def admitting(
    application: Application,
    names: Names,
    told: Told = in_text,
    may_be_linked: Callable[[Environ], bool] = may_never,
) -> Application:
    """The application behind the rule, which is asked before anything else is read."""

    def admitted(environ: Environ, start_response: Any) -> Iterable[bytes]:
        reason = refusal(headers(environ), names, may_be_linked=may_be_linked(environ))
        if reason is None:
            return application(environ, start_response)
        while environ["wsgi.input"].read(PIECE):
            pass  # else the rest of the body would be taken for the next request
        content_type, body = told(environ, reason)
        length = str(len(body))
        start_response(
            "403 Forbidden", [("Content-Type", content_type), ("Content-Length", length)]
        )
        return [body]

    return admitted


def headers(environ: Environ) -> Iterable[tuple[str, str]]:
    """Those of the request by their names in HTTP; WSGI keeps one of each."""
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name.removeprefix("HTTP_").replace("_", "-"), value
