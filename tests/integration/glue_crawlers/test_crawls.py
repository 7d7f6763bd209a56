"""Crawls that are running, stopped, scheduled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.crawled_lake import Lake
from tests.support.errors import code


@pytest.fixture
def long_crawl(lake: Lake) -> str:
    """A crawler that has a second or more of work."""
    for number in range(300):
        lake.put(f"many/day={number}/a.json", b'{"id": 1}')
    return lake.crawler(lake.s3_target("many/"))


def test_a_running_crawler_can_only_be_stopped_and_then_writes_nothing(
    lake: Lake, long_crawl: str
) -> None:
    glue, name = lake.glue, long_crawl
    glue.start_crawler(Name=name)
    assert glue.get_crawler(Name=name)["Crawler"]["State"] == "RUNNING"
    for call in (
        lambda: glue.start_crawler(Name=name),
        lambda: glue.update_crawler(Name=name, Description="x"),
        lambda: glue.delete_crawler(Name=name),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert code(error) == "CrawlerRunningException"

    glue.stop_crawler(Name=name)

    last = lake.ended(name)["LastCrawl"]
    assert last["Status"] == "CANCELLED"
    assert lake.tables() == []
    crawl = glue.list_crawls(CrawlerName=name)["Crawls"][0]
    assert (crawl["State"], crawl["CrawlId"]) == ("STOPPED", last["MessagePrefix"])
    with pytest.raises(ClientError) as error:
        glue.stop_crawler(Name=name)
    assert code(error) == "CrawlerNotRunningException"


def test_a_schedule_is_started_stopped_changed_and_taken_away(lake: Lake) -> None:
    glue = lake.glue
    crawler = lake.crawler(lake.delta("fact"))
    daily = "cron(0 2 * * ? *)"

    def failure(call: Callable[..., Any], **settings: Any) -> str:
        with pytest.raises(ClientError) as error:
            call(CrawlerName=crawler, **settings)
        return code(error)

    assert failure(glue.start_crawler_schedule) == "NoScheduleException"
    assert failure(glue.stop_crawler_schedule) == "SchedulerNotRunningException"
    glue.update_crawler_schedule(CrawlerName=crawler, Schedule=daily)
    assert failure(glue.start_crawler_schedule) == "SchedulerRunningException"
    bad = failure(glue.update_crawler_schedule, Schedule="rate(1 minute)")
    assert bad == "InvalidInputException"
    glue.stop_crawler_schedule(CrawlerName=crawler)
    stopped = glue.get_crawler(Name=crawler)["Crawler"]["Schedule"]
    assert stopped == {"ScheduleExpression": daily, "State": "NOT_SCHEDULED"}
    glue.start_crawler_schedule(CrawlerName=crawler)
    glue.update_crawler(Name=crawler, Schedule="")
    assert "Schedule" not in glue.get_crawler(Name=crawler)["Crawler"]
