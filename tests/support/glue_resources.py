"""Glue's resources for a stack, before and after an update, and what its calls answer then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.stacks import new_name

ROLE = "arn:aws:iam::000000000000:role/case"
ACCOUNT = {"Ref": "AWS::AccountId"}
NAME = new_name()
DATABASE = NAME.replace("-", "_")
Properties = dict[str, Any]
Case = tuple[str, Properties, Properties, Callable[[Any], Any], Any]


def picked(found: Properties, *names: str) -> list[Any]:
    return [found.get(name) for name in names]


def _columns(*names: str) -> Properties:
    return {"Columns": [{"Name": name, "Type": "string"} for name in names]}


def _own_tags(edge: Any, kind: str) -> Properties:
    arn = f"arn:aws:glue:us-east-1:000000000000:{kind}/{NAME}"
    found = edge.client("glue").get_tags(ResourceArn=arn)["Tags"]
    return {key: value for key, value in found.items() if not key.startswith("aws:")}


def _job(edge: Any) -> Any:
    names = ("Description", "MaxRetries", "Timeout", "DefaultArguments", "NumberOfWorkers")
    job = edge.client("glue").get_job(JobName=NAME)["Job"]
    return [*picked(job, *names), job["Command"]["ScriptLocation"], _own_tags(edge, "job")]


def _crawler(edge: Any) -> Any:
    crawler = edge.client("glue").get_crawler(Name=NAME)["Crawler"]
    return [
        *picked(crawler, "Description", "TablePrefix", "DatabaseName"),
        crawler["Targets"]["S3Targets"][0]["Path"],
        crawler.get("Schedule", {}).get("ScheduleExpression"),
        *crawler["SchemaChangePolicy"].values(),
        crawler["RecrawlPolicy"],
        _own_tags(edge, "crawler"),
    ]


def _trigger(edge: Any) -> Any:
    trigger = edge.client("glue").get_trigger(Name=NAME)["Trigger"]
    names = ("Description", "Schedule", "Actions", "State")
    return [*picked(trigger, *names), _own_tags(edge, "trigger")]


def _workflow(edge: Any) -> Any:
    workflow = edge.client("glue").get_workflow(Name=NAME)["Workflow"]
    names = ("Description", "DefaultRunProperties", "MaxConcurrentRuns")
    return [*picked(workflow, *names), _own_tags(edge, "workflow")]


def _database(edge: Any) -> Any:
    database = edge.client("glue").get_database(Name=DATABASE)["Database"]
    return picked(database, "Description", "LocationUri", "Parameters")


def _table(edge: Any) -> Any:
    table = edge.client("glue").get_table(DatabaseName=DATABASE, Name="t")["Table"]
    columns = [one["Name"] for one in table["StorageDescriptor"]["Columns"]]
    return [*picked(table, "Description", "Parameters", "TableType"), columns]


SPARK = {"Name": "glueetl", "PythonVersion": "3"}
CASES: dict[str, Case] = {
    "Database": (
        "AWS::Glue::Database",
        {
            "CatalogId": ACCOUNT,
            "DatabaseInput": {"Name": DATABASE, "Description": "old", "Parameters": {"k": 1}},
        },
        {"CatalogId": ACCOUNT, "DatabaseInput": {"Name": DATABASE, "LocationUri": "s3://new/"}},
        _database,
        [None, "s3://new/", None],
    ),
    "Table": (
        "AWS::Glue::Table",
        {
            "CatalogId": ACCOUNT,
            "DatabaseName": {"Ref": "Database"},
            "TableInput": {"Name": "t", "Description": "old", "StorageDescriptor": _columns("a")},
        },
        {
            "CatalogId": ACCOUNT,
            "DatabaseName": {"Ref": "Database"},
            "TableInput": {
                "Name": "t",
                "TableType": "EXTERNAL_TABLE",
                "Parameters": {"n": 1},
                "StorageDescriptor": _columns("a", "b"),
            },
        },
        _table,
        [None, {"n": "1"}, "EXTERNAL_TABLE", ["a", "b"]],
    ),
    "Job": (
        "AWS::Glue::Job",
        {
            "Name": NAME,
            "Role": ROLE,
            "Command": {**SPARK, "ScriptLocation": "s3://code/old.py"},
            "Description": "old",
            "MaxRetries": 2,
            "WorkerType": "G.1X",
            "NumberOfWorkers": 2,
            "Tags": {"a": "1", "b": "1"},
        },
        {
            "Name": NAME,
            "Role": ROLE,
            "Command": {**SPARK, "ScriptLocation": "s3://code/new.py"},
            "Timeout": 9,
            "DefaultArguments": {"--x": "1"},
            "WorkerType": "G.1X",
            "NumberOfWorkers": "3",  # as a parameter gives it
            "Tags": {"a": "2"},
        },
        _job,
        [None, 0, 9, {"--x": "1"}, 3, "s3://code/new.py", {"a": "2"}],
    ),
    "Crawler": (
        "AWS::Glue::Crawler",
        {
            "Name": NAME,
            "Role": ROLE,
            "DatabaseName": {"Ref": "Database"},
            "Description": "old",
            "TablePrefix": "old_",
            "Targets": {"S3Targets": [{"Path": "s3://old/"}]},
            "Schedule": {"ScheduleExpression": "cron(0 1 * * ? *)"},
            "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
            "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
            "Tags": {"a": "1", "b": "1"},
        },
        {
            "Name": NAME,
            "Role": ROLE,
            "DatabaseName": "elsewhere",
            "Targets": {"S3Targets": [{"Path": "s3://new/"}]},
            "Tags": {"a": "2"},
        },
        _crawler,
        [
            *("", "", "elsewhere", "s3://new/", None),
            *("UPDATE_IN_DATABASE", "DEPRECATE_IN_DATABASE"),
            {"RecrawlBehavior": "CRAWL_EVERYTHING"},
            {"a": "2"},
        ],
    ),
    "Trigger": (
        "AWS::Glue::Trigger",
        {
            "Name": NAME,
            "Type": "SCHEDULED",
            "Description": "old",
            "Schedule": "cron(0 1 * * ? *)",
            "StartOnCreation": True,
            "Actions": [{"JobName": {"Ref": "Job"}}],
            "Tags": {"a": "1", "b": "1"},
        },
        {
            "Name": NAME,
            "Type": "SCHEDULED",
            "Schedule": "cron(0 2 * * ? *)",
            "StartOnCreation": True,
            "Actions": [{"JobName": {"Ref": "Job"}, "Arguments": {"--x": "2"}}],
            "Tags": {"a": "2"},
        },
        _trigger,
        [
            *(None, "cron(0 2 * * ? *)"),
            [{"JobName": NAME, "Arguments": {"--x": "2"}}],
            "ACTIVATED",
            {"a": "2"},
        ],
    ),
    "Workflow": (
        "AWS::Glue::Workflow",
        {"Name": NAME, "Description": "old", "DefaultRunProperties": {"k": 1, "gone": 1}},
        {"Name": NAME, "DefaultRunProperties": {"k": 2}, "MaxConcurrentRuns": 3, "Tags": {"a": 2}},
        _workflow,
        ["", {"k": "2"}, 3, {"a": "2"}],
    ),
}
