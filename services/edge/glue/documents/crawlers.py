"""Crawlers as plain documents, and what AWS and this stack demand of a definition."""

from __future__ import annotations

import json
from typing import Any

from services.edge.aws import schedules
from services.edge.glue.documents import crawler_targets
from services.edge.glue.errors import invalid_input

Crawler = dict[str, Any]

# "If your crawler does not specify a database, your tables are placed in the default database":
# https://docs.aws.amazon.com/glue/latest/dg/crawler-running.html
DEFAULT_DATABASE = "default"
DEFAULTS: Crawler = {
    "Classifiers": [],
    "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
    "SchemaChangePolicy": {
        "UpdateBehavior": "UPDATE_IN_DATABASE",
        "DeleteBehavior": "DEPRECATE_IN_DATABASE",
    },
    "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
    "LakeFormationConfiguration": {"UseLakeFormationCredentials": False, "AccountId": ""},
}
SETTINGS = (
    *("Role", "DatabaseName", "Description", "Targets", "Classifiers", "TablePrefix"),
    *("SchemaChangePolicy", "RecrawlPolicy", "LineageConfiguration", "Configuration"),
    *("LakeFormationConfiguration", "CrawlerSecurityConfiguration"),
)
# The parts of `Configuration` that change what is done here; others would be passed over.
CONFIGURATION = {
    ("Version",): (1, 1.0),
    ("Grouping", "TableGroupingPolicy"): ("CombineCompatibleSchemas",),
    ("CrawlerOutput", "Partitions", "AddOrUpdateBehavior"): ("InheritFromTable",),
    ("CrawlerOutput", "Tables", "AddOrUpdateBehavior"): ("MergeNewColumns",),
}


def created(request: dict[str, Any], now: float) -> Crawler:
    """A crawler as GetCrawler answers it, but for its state."""
    settings = {name: request[name] for name in SETTINGS if request.get(name) is not None}
    crawler = {**DEFAULTS, **settings, "Name": request["Name"]}
    crawler["SchemaChangePolicy"] = _policy(crawler)
    _check(crawler)
    scheduled = with_schedule(crawler, request.get("Schedule"))
    return {**scheduled, "CreationTime": now, "LastUpdated": now, "Version": 1}


def updated(crawler: Crawler, request: dict[str, Any], now: float) -> Crawler:
    """UpdateCrawler changes what it names and leaves the rest."""
    settings = {name: request[name] for name in SETTINGS if request.get(name) is not None}
    changed = {**crawler, **settings}
    changed["SchemaChangePolicy"] = _policy(changed)
    _check(changed)
    if "Schedule" in request:
        changed = with_schedule(changed, request["Schedule"])
    return {**changed, "LastUpdated": now, "Version": crawler["Version"] + 1}


def database(crawler: Crawler) -> str:
    """The database that the crawler writes to."""
    return str(crawler.get("DatabaseName") or DEFAULT_DATABASE)


def with_schedule(crawler: Crawler, expression: str | None) -> Crawler:
    """The crawler on that schedule, which runs; an empty expression takes the schedule away."""
    rest = {name: value for name, value in crawler.items() if name != "Schedule"}
    if not expression:
        return rest
    try:
        schedules.parse_cron(expression)
    except schedules.ScheduleError as error:
        raise invalid_input(str(error)) from error
    return {**rest, "Schedule": {"ScheduleExpression": expression, "State": "SCHEDULED"}}


def schedule_state(crawler: Crawler) -> str | None:
    """SCHEDULED or NOT_SCHEDULED; None for a crawler without a schedule."""
    schedule = crawler.get("Schedule")
    return schedule["State"] if schedule else None


def merges_new_columns(crawler: Crawler) -> bool:
    """Whether columns are only ever added to a table of an S3 target."""
    output = _configuration(crawler).get("CrawlerOutput", {})
    return bool(output.get("Tables", {}).get("AddOrUpdateBehavior") == "MergeNewColumns")


def combines_schemas(crawler: Crawler) -> bool:
    """Whether folders of an S3 target make one table whatever their columns are."""
    grouping = _configuration(crawler).get("Grouping", {})
    return bool(grouping.get("TableGroupingPolicy") == "CombineCompatibleSchemas")


def described(crawler: Crawler) -> Crawler:
    """The definition as the API answers it, without what only this service needs."""
    return {name: value for name, value in crawler.items() if not name.startswith("_")}


def _policy(crawler: Crawler) -> dict[str, str]:
    return {**DEFAULTS["SchemaChangePolicy"], **crawler["SchemaChangePolicy"]}


def _check(crawler: Crawler) -> None:
    if not crawler["Role"]:
        raise invalid_input("Role must be the name or the ARN of an IAM role.")
    crawler_targets.check(crawler["Targets"])
    _check_policies(crawler)
    _check_configuration(_configuration(crawler))
    _check_unavailable(crawler)


def _check_policies(crawler: Crawler) -> None:
    recrawl = crawler["RecrawlPolicy"].get("RecrawlBehavior", "CRAWL_EVERYTHING")
    if recrawl == "CRAWL_EVENT_MODE":
        raise invalid_input("RecrawlBehavior CRAWL_EVENT_MODE is not available here.")
    policy = crawler["SchemaChangePolicy"]
    if recrawl == "CRAWL_NEW_FOLDERS_ONLY" and set(policy.values()) != {"LOG"}:
        raise invalid_input(
            "With RecrawlBehavior CRAWL_NEW_FOLDERS_ONLY, UpdateBehavior and DeleteBehavior"
            " of the SchemaChangePolicy must be LOG."
        )


def _check_unavailable(crawler: Crawler) -> None:
    asked = {
        "Classifiers": bool(crawler["Classifiers"]),
        "CrawlerSecurityConfiguration": bool(crawler.get("CrawlerSecurityConfiguration")),
        "LineageConfiguration ENABLE": crawler["LineageConfiguration"].get("CrawlerLineageSettings")
        == "ENABLE",
        "UseLakeFormationCredentials": bool(
            crawler["LakeFormationConfiguration"].get("UseLakeFormationCredentials")
        ),
    }
    if unavailable := [name for name, used in asked.items() if used]:
        raise invalid_input(f"{', '.join(unavailable)} is not available here; leave it out.")


def _configuration(crawler: Crawler) -> dict[str, Any]:
    text = crawler.get("Configuration") or "{}"
    try:
        configuration = json.loads(text)
    except ValueError as error:
        raise invalid_input(f"Configuration must be JSON: {error}.") from error
    if not isinstance(configuration, dict):
        raise invalid_input("Configuration must be a JSON object.")
    return configuration


def _check_configuration(configuration: dict[str, Any], path: tuple[str, ...] = ()) -> None:
    for name, value in configuration.items():
        place = (*path, name)
        if isinstance(value, dict):
            _check_configuration(value, place)
        elif value not in CONFIGURATION.get(place, ()):
            raise invalid_input(
                f"Configuration {'.'.join(place)} = {json.dumps(value)} is not available here."
            )
