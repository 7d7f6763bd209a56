"""A Glue resource's properties in a template as the requests of Glue's API; pure."""

from __future__ import annotations

from typing import Any

Model = dict[str, Any]

# What CreateCrawler takes where it is told nothing.
# https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCrawler.html
CRAWLER_DEFAULTS: Model = {
    **dict.fromkeys(
        ("Configuration", "DatabaseName", "Description", "Schedule", "TablePrefix"), ""
    ),
    "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
    "SchemaChangePolicy": {
        "UpdateBehavior": "UPDATE_IN_DATABASE",
        "DeleteBehavior": "DEPRECATE_IN_DATABASE",
    },
}
TRIGGER_UPDATE = ("Description", "Schedule", "Predicate", "Actions", "EventBatchingCondition")


def by_name(model: Model) -> Model:
    return {"Name": model["Name"]}


def crawler(model: Model) -> Model:
    """The API has the schedule's expression without the object around it."""
    request = _without(model, "Tags", "Schedule")
    if schedule := model.get("Schedule"):
        request["Schedule"] = schedule["ScheduleExpression"]
    return request


def crawler_update(before: Model, model: Model) -> Model:
    """UpdateCrawler keeps what it is not told: what has left the template is as by default."""
    defaults = {
        name: value
        for name, value in CRAWLER_DEFAULTS.items()
        if before.get(name) != model.get(name)
    }
    return {**defaults, **crawler(model)}


def database_name(model: Model) -> str | None:
    """The type has a property for it beside the input's."""
    return model.get("DatabaseName") or (model.get("DatabaseInput") or {}).get("Name")


def database(model: Model) -> Model:
    return {"CatalogId": str(model["CatalogId"]), "DatabaseInput": _database_input(model)}


def database_update(before: Model, model: Model) -> Model:
    """Glue says that it cannot rename a database."""
    return {"Name": before["DatabaseName"], "DatabaseInput": _database_input(model)}


def job_update(_: Model, model: Model) -> Model:
    return {"JobName": model["Name"], "JobUpdate": _without(model, "Name", "Tags")}


def table(model: Model) -> Model:
    """OpenTableFormatInput goes along, for Glue to refuse."""
    definition = {**model["TableInput"], "Name": model["Id"]}
    rest = _without(model, "Id", "TableInput")
    return {**rest, "CatalogId": str(model["CatalogId"]), "TableInput": definition}


def trigger_update(_: Model, model: Model) -> Model:
    definition = {name: model[name] for name in TRIGGER_UPDATE if name in model}
    return {"Name": model["Name"], "TriggerUpdate": definition}


def workflow_update(_: Model, model: Model) -> Model:
    """UpdateWorkflow keeps what it is not told: what has left the template is emptied."""
    return {"Description": "", "DefaultRunProperties": {}, **_without(model, "Tags")}


def _database_input(model: Model) -> Model:
    return {**(model.get("DatabaseInput") or {}), "Name": model["DatabaseName"]}


def _without(model: Model, *names: str) -> Model:
    return {name: value for name, value in model.items() if name not in names}
