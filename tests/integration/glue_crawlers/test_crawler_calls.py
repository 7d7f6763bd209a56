"""Calls on crawlers: changes, lists, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.crawled_lake import BOOKINGS, ROLE, Lake
from tests.support.errors import code


def test_an_update_changes_what_it_names_and_leaves_the_rest(lake: Lake) -> None:
    crawler = lake.crawler(lake.delta("fact"), Description="first", TablePrefix="p_")

    lake.glue.update_crawler(Name=crawler, Description="second")

    found = lake.glue.get_crawler(Name=crawler)["Crawler"]
    assert (found["Description"], found["TablePrefix"], found["Version"]) == ("second", "p_", 2)
    assert found["Targets"] == lake.delta("fact")


def test_crawlers_are_listed_in_pages_by_tag_and_by_name(lake: Lake) -> None:
    tag = {"suite": lake.name}
    names = [lake.crawler(lake.delta("fact"), Tags=tag) for _ in range(3)]

    first = lake.glue.list_crawlers(Tags=tag, MaxResults=2)
    rest = lake.glue.list_crawlers(Tags=tag, MaxResults=2, NextToken=first["NextToken"])
    batch = lake.glue.batch_get_crawlers(CrawlerNames=[names[1], "nobody"])
    pages = lake.glue.get_paginator("get_crawlers").paginate(PaginationConfig={"PageSize": 2})

    assert first["CrawlerNames"] + rest["CrawlerNames"] == names
    assert "NextToken" not in rest
    assert [found["Name"] for found in batch["Crawlers"]] == [names[1]]
    assert batch["CrawlersNotFound"] == ["nobody"]
    listed = [found["Name"] for page in pages for found in page["Crawlers"]]
    assert set(names) <= set(listed) and len(listed) == len(set(listed))
    with pytest.raises(ClientError) as error:
        lake.glue.list_crawlers(NextToken="made up")
    assert code(error) == "InvalidInputException"


def test_crawls_are_listed_newest_first_and_filtered(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("fact"))
    first, second = (lake.crawl(crawler)["MessagePrefix"] for _ in range(2))

    def ids(**filters: Any) -> list[str]:
        found = lake.glue.list_crawls(CrawlerName=crawler, **filters)["Crawls"]
        return [crawl["CrawlId"] for crawl in found]

    def where(field: str, operator: str, value: str) -> dict[str, Any]:
        rule = {"FieldName": field, "FilterOperator": operator, "FieldValue": value}
        return {"Filters": [rule]}

    assert ids() == [second, first]
    assert ids(MaxResults=1) == [second]
    assert ids(**where("CRAWL_ID", "EQ", first)) == [first]
    assert ids(**where("STATE", "EQ", "FAILED")) == []
    assert ids(**where("START_TIME", "GT", "0")) == [second, first]
    with pytest.raises(ClientError) as error:
        ids(**where("START_TIME", "GT", "yesterday"))
    assert code(error) == "InvalidInputException"


@pytest.mark.parametrize(
    "operation",
    ["get_crawler", "start_crawler", "stop_crawler", "update_crawler", "delete_crawler"],
)
def test_an_unknown_crawler_is_not_found(lake: Lake, operation: str) -> None:
    with pytest.raises(ClientError) as error:
        getattr(lake.glue, operation)(Name="nobody")
    assert code(error) == "EntityNotFoundException"


def test_a_second_crawler_of_a_name_is_refused(lake: Lake) -> None:
    crawler = lake.crawler(lake.delta("fact"))
    with pytest.raises(ClientError) as error:
        lake.glue.create_crawler(Name=crawler, Role=ROLE, DatabaseName="d", Targets=lake.delta("x"))
    assert code(error) == "AlreadyExistsException"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"Targets": {}}, "at least one target"),
        ({"Targets": {"JdbcTargets": [{"ConnectionName": "c"}]}}, "JdbcTargets is not available"),
        ({"Targets": {"DynamoDBTargets": [{"Path": "t"}]}}, "DynamoDBTargets is not available"),
        ({"Targets": {"S3Targets": [{"Path": "/etc/passwd"}]}}, "Expected a path s3://"),
        ({"Targets": {"DeltaTargets": [{"DeltaTables": ["s3://bucket/t"]}]}}, "must be true here"),
        (
            {
                "Targets": {
                    "DeltaTargets": [{"DeltaTables": ["s3://bucket/t"], "WriteManifest": True}]
                }
            },
            "WriteManifest of a target is not available",
        ),
        ({"Schedule": "every day"}, "Expected a schedule as cron"),
        ({"Classifiers": ["mine"]}, "Classifiers is not available here"),
        ({"Configuration": "{"}, "Configuration must be JSON"),
        (
            {"Configuration": '{"Grouping": {"TableLevelConfiguration": 2}}'},
            "Grouping.TableLevelConfiguration = 2 is not available here",
        ),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"}}, "not available here"),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}}, "must be LOG"),
    ],
)
def test_what_cannot_be_crawled_here_is_refused_when_it_is_asked(
    lake: Lake, settings: dict[str, Any], told: str
) -> None:
    definition = {"Targets": lake.delta("fact"), "DatabaseName": lake.database, **settings}
    with pytest.raises(ClientError) as error:
        lake.glue.create_crawler(Name=lake.name, Role=ROLE, **definition)
    assert code(error) == "InvalidInputException"
    assert told in error.value.response["Error"]["Message"]
