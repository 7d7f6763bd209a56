"""The last path segment of a URI, in Python and as the same expression in SQL."""

from __future__ import annotations

BLANKS = " \t\n\r"
_BLANKS_SQL = r" \t\n\r"


def last_segment(uri: str | None) -> str | None:
    """The last path segment of a URI, without query, fragment and blanks around it."""
    path = (uri or "").split("?")[0].split("#")[0]
    return path.rstrip("/" + BLANKS).rsplit("/", 1)[-1].strip(BLANKS) or None


def last_segment_sql(uri: str) -> str:
    """What `last_segment` does, for the SQL expression `uri`."""
    path = f"substring_index(substring_index({uri}, '?', 1), '#', 1)"
    segment = f"substring_index(trim(TRAILING '/{_BLANKS_SQL}' FROM {path}), '/', -1)"
    return f"nullif(trim(BOTH '{_BLANKS_SQL}' FROM {segment}), '')"


def standard_text_sql(text: str) -> str:
    """The SQL expression `text` without blanks around it; null where nothing is left."""
    return f"nullif(trim(BOTH '{_BLANKS_SQL}' FROM {text}), '')"
