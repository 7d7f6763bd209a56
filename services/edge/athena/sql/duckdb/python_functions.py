"""URLs as Java takes them apart, and dates by a pattern."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import parse_qsl, quote_plus, unquote, unquote_plus, urlsplit

from services.edge.athena.sql.duckdb.python_function import PythonFunction


def url_part(url: str, part: str) -> str | None:
    """Decoded, as java.net.URI gives it; nothing where the text is no URI."""
    if re.search(r"[\s<>\\^`{|}\"]|%(?![0-9a-fA-F]{2})", url):
        return None
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        return None
    parts = {
        "protocol": found.scheme,
        "host": re.sub(r":\d*$", "", found.netloc.rpartition("@")[2]),
        "path": unquote(found.path),
        "query": unquote(found.query),
        "raw query": found.query,
        "fragment": unquote(found.fragment),
        "port": None if port is None else str(port),
    }
    return parts[part]


def url_parameter(url: str, name: str) -> str | None:
    query = url_part(url, "raw query") or ""
    return next((v for k, v in parse_qsl(query, keep_blank_values=True) if k == name), None)


def url_decode(value: str) -> str:
    if wrong := re.search(r"%(?![0-9a-fA-F]{2})", value):
        raise ValueError(
            "INVALID_FUNCTION_ARGUMENT: URLDecoder: Illegal hex characters in escape (%) pattern:"
            f" {value[wrong.start() : wrong.start() + 3]}"
        )
    return unquote_plus(value)


def url_encode(value: str) -> str:
    """As java.net.URLEncoder: * stays as it is, ~ does not."""
    return quote_plus(value, safe="*").replace("~", "%7E")


def date_parse(text: str, form: str) -> datetime:
    """`form` in strftime's notation; what it does not name is of 1970-01-01."""
    plain = form.replace("%-", "%")
    try:
        if "%y" in plain:  # Java counts from 1970, Python from 1969
            found = datetime.strptime(text, plain)  # noqa: DTZ007
            return found.replace(year=2069) if found.year == 1969 else found
        if "%Y" in plain or "%G" in plain:
            return datetime.strptime(text, plain)  # noqa: DTZ007 (a timestamp without a zone)
        return datetime.strptime(f"1970 {text}", f"%Y {plain}")  # noqa: DTZ007
    except ValueError as error:
        raise ValueError(f'INVALID_FUNCTION_ARGUMENT: Invalid format: "{text}"') from error


_TEXT = "VARCHAR"
FUNCTIONS: dict[str, PythonFunction] = {
    "url_part": (url_part, [_TEXT, _TEXT], _TEXT),
    "url_parameter": (url_parameter, [_TEXT, _TEXT], _TEXT),
    "url_decode": (url_decode, [_TEXT], _TEXT),
    "url_encode": (url_encode, [_TEXT], _TEXT),
    "date_parse": (date_parse, [_TEXT, _TEXT], "TIMESTAMP"),
}
