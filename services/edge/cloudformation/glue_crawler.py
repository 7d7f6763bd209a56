"""AWS::Glue::Crawler: a crawler of the Glue provider, made, changed in place and deleted."""

from __future__ import annotations

from typing import Any, ClassVar

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

from services.edge.cloudformation import shapes, tags

# https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCrawler.html
DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(
        ("Configuration", "DatabaseName", "Description", "Schedule", "TablePrefix"), ""
    ),
    "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
    "SchemaChangePolicy": {
        "UpdateBehavior": "UPDATE_IN_DATABASE",
        "DeleteBehavior": "DEPRECATE_IN_DATABASE",
    },
}


class CrawlerProvider(ResourceProvider):
    TYPE = "AWS::Glue::Crawler"
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-crawler.html
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "properties": {**shapes.properties("glue", "CreateCrawler"), "Schedule": {}},
        "primaryIdentifier": ["/properties/Name"],
        "createOnlyProperties": ["/properties/Name"],
    }

    def create(self, request: ResourceRequest) -> ProgressEvent:
        crawler = dict(request.desired_state)
        crawler.setdefault(
            "Name",
            provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
        )
        glue = request.aws_client_factory.glue
        if crawler["Name"] in glue.list_crawlers(Tags=tags.owner(request))["CrawlerNames"]:
            # Made for this very stack when the edge ended, before the stack knew: it is taken over.
            glue.delete_crawler(Name=crawler["Name"])
        owned = {**(crawler.get("Tags") or {}), **tags.owner(request)}
        glue.create_crawler(**{**_settings(crawler), "Tags": owned})
        return _done(crawler)

    def read(self, request: ResourceRequest) -> ProgressEvent:
        name = request.desired_state["Name"]
        return _done(request.aws_client_factory.glue.get_crawler(Name=name)["Crawler"])

    def update(self, request: ResourceRequest) -> ProgressEvent:
        glue = request.aws_client_factory.glue
        before: dict[str, Any] = request.previous_state or {}
        crawler = {**request.desired_state, "Name": before["Name"]}
        glue.update_crawler(**{**_removed(before, crawler), **_settings(crawler)})
        tags.change_glue(request, "crawler", before, crawler)
        return _done(crawler)

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        """A crawler that is running is stopped first, and one that is gone is deleted."""
        glue, name = request.aws_client_factory.glue, request.desired_state["Name"]
        try:
            glue.delete_crawler(Name=name)
        except glue.exceptions.EntityNotFoundException:
            return _done({})
        except glue.exceptions.CrawlerRunningException:
            if glue.get_crawler(Name=name)["Crawler"]["State"] == "RUNNING":
                glue.stop_crawler(Name=name)
            return ProgressEvent(
                status=OperationStatus.IN_PROGRESS, resource_model=request.desired_state
            )
        return _done({})


def _settings(crawler: dict[str, Any]) -> dict[str, Any]:
    """The API's request: it has the schedule's expression without the object around it."""
    settings = {name: value for name, value in crawler.items() if name not in ("Tags", "Schedule")}
    if schedule := crawler.get("Schedule"):
        settings["Schedule"] = schedule["ScheduleExpression"]
    return settings


def _removed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """UpdateCrawler keeps what it is not told: what has left the template is as by default."""
    return {name: value for name, value in DEFAULTS.items() if before.get(name) != after.get(name)}


def _done(crawler: dict[str, Any]) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=crawler)
