"""Personal data out of a delivery: a webhook's body in, the same one with names hidden out.

Names, mail and postal addresses, telephone numbers, free texts, and links that let their holder act
for somebody are hidden; ids, times, channels and states, which explain a number, stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

DOTS = "•••"
NAMES = frozenset({"name", "first_name", "last_name", "user_name", "canceled_by"})
TEXTS = frozenset(
    {
        "email",
        "user_email",
        "text_reminder_number",
        "textReminder_number",
        "answer",
        "reason",
        "location",
        "additional_info",
        "password",
        "meeting_notes_plain",
        "meeting_notes_html",
    }
)
LINKS = frozenset({"cancel_url", "reschedule_url", "join_url", "extra_intl_numbers_url"})
# An event's name says what is met for, not who meets; a person's name in it is hidden all the same.
KEPT_NAMES_BELOW = frozenset({"scheduled_event", "event_type"})
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SHORTEST = 3


def masked_body(raw: bytes) -> str:
    """The body as indented JSON, masked; what is no JSON is hidden, for nobody knows its parts."""
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return f"({len(raw):,} bytes that are no JSON: masked as a whole)"
    return json.dumps(masked(document), indent=2, ensure_ascii=False)


def readable_body(raw: bytes) -> str:
    """The body as indented JSON, as it is; as text where it is none."""
    try:
        return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return raw.decode(errors="replace")


def masked(document: Any) -> Any:
    """The document with its personal data hidden, of the same shape."""
    known = sorted({n for n in _names(document, "") if len(n) >= SHORTEST}, key=len, reverse=True)
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in known)) if known else None
    return _masked(document, "", "", pattern)


def masked_name(name: str) -> str:
    """`Ana Silva` as `A••• S•••`."""
    return " ".join(f"{word[0]}{DOTS}" for word in name.split()) or DOTS


def masked_text(text: str) -> str:
    """A mail address as `a•••@•••`, a link without its path, anything else as dots."""
    if EMAIL.fullmatch(text.strip()):
        return f"{text.strip()[0]}{DOTS}@{DOTS}"
    return DOTS


def _masked(value: Any, key: str, parent: str, names: re.Pattern[str] | None) -> Any:
    if isinstance(value, dict):
        return {k: _masked(v, k, key, names) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked(element, key, parent, names) for element in value]
    if isinstance(value, int | float) and not isinstance(value, bool) and key in TEXTS:
        return DOTS
    if not isinstance(value, str) or not value:
        return value
    if key in NAMES and parent not in KEPT_NAMES_BELOW:
        return masked_name(value)
    if key in TEXTS:
        return masked_text(value)
    if key in LINKS:
        parts = urlsplit(value)
        return f"{parts.scheme}://{parts.netloc}/{DOTS}" if parts.netloc else DOTS
    hidden = EMAIL.sub(lambda found: masked_text(found[0]), value)
    return names.sub(lambda found: masked_name(found[0]), hidden) if names else hidden


def _names(value: Any, key: str, parent: str = "") -> Iterator[str]:
    """Every person's name in the document, its parts too: one may stand in any other text."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _names(inner, name, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner, key, parent)
    elif isinstance(value, str) and key in NAMES and parent not in KEPT_NAMES_BELOW:
        yield value
        yield from value.split()
