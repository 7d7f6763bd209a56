"""The marketing source over HTTP in, the bronze objects below `marketing/` out."""

from __future__ import annotations

import hashlib
import http.client
import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lakehouse.marketing import INDEX_NAME, day_of_key

log = logging.getLogger(__name__)

PREFIX = "marketing/"
FETCHES_AT_ONCE = 8
TIMEOUT_SECONDS = 20
_FILE, _OBJECT = "spend_data_", "spend_date="


class SourceIndexError(ValueError):
    """The source's index does not say which files there are."""


class SourceUnreachableError(RuntimeError):
    """The source did not answer, or answered with an error."""


def spend_dates(index: bytes) -> list[str]:
    """The dates (YYYY-MM-DD) of the files that the index lists, each once, in order."""
    try:
        parsed = json.loads(index)
    except (ValueError, RecursionError) as error:
        raise _index_error(f"text that is not JSON ({error})") from error
    files = parsed.get("files") if isinstance(parsed, dict) else None
    if not isinstance(files, list):
        raise _index_error("no list `files`")
    dates = [_date_of(name) for name in files]
    return sorted(set(dates))


def _date_of(name: object) -> str:
    text = name if isinstance(name, str) else ""
    day = day_of_key(_OBJECT + text[len(_FILE) :]) if text.startswith(_FILE) else None
    if day is None:
        raise _index_error(f"the file name {name!r}")
    return day.isoformat()


def _index_error(found: str) -> SourceIndexError:
    return SourceIndexError(
        f'Expected {INDEX_NAME} to be {{"files": ["{_FILE}YYYY-MM-DD.json", ...]}}, '
        f"found {found}: mend the index at the source."
    )


def copy_to_bronze(s3: Any, source_url: str, bucket: str) -> dict[str, Any]:
    """Copy the index and exactly the files that it lists; the report of what was done.

    The report counts listed, written and unchanged files and names the missing ones (404). An
    object is written only where its bytes differ. The index is written last, so that it never
    names a file that is not there yet.
    """
    index = fetched(f"{source_url}/{INDEX_NAME}")
    if index is None:
        raise SourceUnreachableError(
            f"Expected {source_url}/{INDEX_NAME}, found nothing there (404): check --SOURCE_URL."
        )
    dates = spend_dates(index)
    known = etags(s3, bucket)

    def copy(day: str) -> tuple[str, str]:
        name = f"{_FILE}{day}.json"
        body = fetched(f"{source_url}/{name}")
        if body is None:
            return name, "missing"
        return name, put_if_different(s3, bucket, f"{PREFIX}{_OBJECT}{day}.json", body, known)

    with ThreadPoolExecutor(FETCHES_AT_ONCE) as pool:
        outcome_of = dict(pool.map(copy, dates))
    put_if_different(s3, bucket, PREFIX + INDEX_NAME, index, known)
    outcomes = list(outcome_of.values())
    return {
        "listed": len(dates),
        "written": outcomes.count("written"),
        "unchanged": outcomes.count("unchanged"),
        "missing": [name for name, outcome in outcome_of.items() if outcome == "missing"],
    }


def etags(s3: Any, bucket: str) -> dict[str, str]:
    """The ETags of the bronze objects below `marketing/`, by key."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
    return {item["Key"]: item["ETag"] for page in pages for item in page.get("Contents", [])}


def put_if_different(s3: Any, bucket: str, key: str, body: bytes, known: dict[str, str]) -> str:
    """Write the object unless it has these bytes already: `written` or `unchanged`."""
    # The ETag of an object that was put whole is its MD5; under KMS it never equals, and the
    # object is written again, which is harmless.
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
    if known.get(key, "").strip('"') == digest:
        return "unchanged"
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    log.info("wrote s3://%s/%s, %d bytes", bucket, key, len(body))
    return "written"


def fetched(url: str, waits: Sequence[float] = (0.5, 1.0, 2.0)) -> bytes | None:
    """The body at the URL, None where there is none (404); other failures are tried again."""
    causes = []
    for wait in (*waits, 0.0):
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response:
                body: bytes = response.read()
                return body
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 404:
                    return None
                causes.append(f"HTTP {error.code}")
        except (OSError, http.client.HTTPException) as error:
            causes.append(str(error))
        time.sleep(wait)
    raise SourceUnreachableError(
        f"Expected an answer from {url}, found {'; '.join(causes)}: "
        "check that the source is up and that --SOURCE_URL names it."
    )
