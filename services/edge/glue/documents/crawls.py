"""Crawls as plain documents: how one starts and ends, and what a crawler's metrics make of them."""

from __future__ import annotations

import json
import statistics
from typing import Any

from services.edge.glue.errors import invalid_input

Crawl = dict[str, Any]

LOG_GROUP = "/aws-glue/crawlers"
LOST = "The stack ended while the crawl was running; start the crawler again."
LAST_STATUS = {"COMPLETED": "SUCCEEDED", "FAILED": "FAILED", "STOPPED": "CANCELLED"}
MESSAGE_LIMIT = 2048
COUNTED = ("TablesCreated", "TablesUpdated", "TablesDeleted")


def started(crawler: str, crawl_id: str, last: dict[str, Any] | None, now: float) -> Crawl:
    """A running crawl; it remembers the crawler's last one, as LastCrawl, until it ends."""
    return {
        "CrawlId": crawl_id,
        "State": "RUNNING",
        "StartTime": now,
        "LogGroup": LOG_GROUP,
        "LogStream": crawler,
        "MessagePrefix": crawl_id,
        "_stopping": False,
        "_last": last,
        "_counts": dict.fromkeys((*COUNTED, "PartitionsCreated", "PartitionsDeleted"), 0),
    }


def ended(
    crawl: Crawl, state: str, message: str | None, counts: dict[str, int], now: float
) -> Crawl:
    """The crawl COMPLETED, FAILED or STOPPED; `counts` are of what it has written."""
    whole = {**crawl, "State": state, "EndTime": now, "_counts": {**crawl["_counts"], **counts}}
    if summary := _summary(whole["_counts"]):
        whole["Summary"] = summary
    return {**whole, "ErrorMessage": message[:MESSAGE_LIMIT]} if message else whole


def last_crawl(latest: Crawl) -> dict[str, Any] | None:
    """GetCrawler's LastCrawl: the latest crawl, or while it is running the one before."""
    if latest["State"] == "RUNNING":
        before: dict[str, Any] | None = latest["_last"]
        return before
    told = ("ErrorMessage", "LogGroup", "LogStream", "MessagePrefix", "StartTime")
    status = {"Status": LAST_STATUS[latest["State"]]}
    return {**status, **{name: latest[name] for name in told if name in latest}}


def state(latest: Crawl | None) -> str:
    """The crawler's state, by its latest crawl."""
    if latest is None or latest["State"] != "RUNNING":
        return "READY"
    return "STOPPING" if latest["_stopping"] else "RUNNING"


def metrics(crawler: str, crawls: list[Crawl], now: float) -> dict[str, Any]:
    """GetCrawlerMetrics' row: the counts of the last crawl, and how long those before took."""
    done = [crawl for crawl in crawls if crawl["State"] != "RUNNING"]
    seconds = [crawl["EndTime"] - crawl["StartTime"] for crawl in done]
    median = statistics.median(seconds) if seconds else 0.0
    running = state(crawls[-1] if crawls else None) == "RUNNING"
    counts = done[-1]["_counts"] if done else dict.fromkeys(COUNTED, 0)
    return {
        "CrawlerName": crawler,
        "TimeLeftSeconds": max(0.0, median - (now - crawls[-1]["StartTime"])) if running else 0.0,
        "StillEstimating": running and not done,
        "LastRuntimeSeconds": seconds[-1] if seconds else 0.0,
        "MedianRuntimeSeconds": median,
        **{name: counts[name] for name in COUNTED},
    }


def matching(crawls: list[Crawl], filters: list[dict[str, str]]) -> list[Crawl]:
    """The crawls that all of ListCrawls' filters let through."""
    return [crawl for crawl in crawls if all(_matches(crawl, rule) for rule in filters)]


def described(crawl: Crawl) -> Crawl:
    return {name: value for name, value in crawl.items() if not name.startswith("_")}


def _summary(counts: dict[str, int]) -> str:
    tables = {"ADD": counts["TablesCreated"], "UPDATE": counts["TablesUpdated"]}
    tables["DELETE"] = counts["TablesDeleted"]
    partitions = {"ADD": counts["PartitionsCreated"], "DELETE": counts["PartitionsDeleted"]}
    parts = {"TABLE": tables, "PARTITION": partitions}
    told = {
        kind: {action: {"Count": count} for action, count in actions.items() if count}
        for kind, actions in parts.items()
    }
    return json.dumps({kind: actions for kind, actions in told.items() if actions})


def _matches(crawl: Crawl, rule: dict[str, str]) -> bool:
    field, operator, value = (rule.get(n) for n in ("FieldName", "FilterOperator", "FieldValue"))
    if field in ("CRAWL_ID", "STATE"):
        if operator not in ("EQ", "NE"):
            raise invalid_input(f"FilterOperator {operator} is not for {field}; expected EQ or NE.")
        equal = crawl["CrawlId" if field == "CRAWL_ID" else "State"] == value
        return equal if operator == "EQ" else not equal
    if field not in ("START_TIME", "END_TIME"):
        raise invalid_input(f"Filter field {field} is not available here.")
    return _compares(
        crawl.get("StartTime" if field == "START_TIME" else "EndTime"), operator, value
    )


def _compares(found: float | None, operator: str | None, value: str | None) -> bool:
    try:
        wanted = float(value or "") / 1000
    except ValueError as error:
        raise invalid_input(f"Expected epoch milliseconds, found {value!r}.") from error
    if found is None:
        return operator == "NE"
    results = {
        "GT": found > wanted,
        "GE": found >= wanted,
        "LT": found < wanted,
        "LE": found <= wanted,
        "EQ": found == wanted,
        "NE": found != wanted,
    }
    if operator not in results:
        raise invalid_input(f"FilterOperator {operator!r} is not one of {', '.join(results)}.")
    return results[operator]
