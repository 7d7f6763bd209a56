"""Crawlers over the death of the edge: nothing acknowledged is lost, nothing hangs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until

BUCKET = "restart-crawls"
LOST = "The stack ended while the crawl was running; start the crawler again."


@pytest.fixture
def stack(tmp_path) -> Iterator[ProcessStack]:
    with ProcessStack(tmp_path / "lake") as running:
        running.start_spark()
        running.start_edge()
        running.client("s3").create_bucket(Bucket=BUCKET)
        running.client("glue").create_database(DatabaseInput={"Name": "restarts"})
        yield running


def put(stack: ProcessStack, folders: int) -> None:
    s3 = stack.client("s3")
    for number in range(folders):
        s3.put_object(Bucket=BUCKET, Key=f"rows/day={number}/a.json", Body=b'{"id": 1}')


def make_crawler(stack: ProcessStack, **settings: Any) -> None:
    target = {"S3Targets": [{"Path": f"s3://{BUCKET}/rows/"}]}
    stack.client("glue").create_crawler(
        Name="c", Role="crawler", DatabaseName="restarts", Targets=target, **settings
    )


def crawled(stack: ProcessStack) -> dict[str, Any]:
    glue = stack.client("glue")
    glue.start_crawler(Name="c")
    return ended(stack)


def ended(stack: ProcessStack) -> dict[str, Any]:
    glue = stack.client("glue")
    found = until(
        lambda: glue.get_crawler(Name="c")["Crawler"], lambda one: one["State"] == "READY", 60
    )
    return dict(found)


def test_a_crawl_that_was_running_at_the_death_of_the_edge_has_failed_and_can_be_repeated(
    stack: ProcessStack,
) -> None:
    put(stack, 40)
    make_crawler(stack)
    stack.client("glue").start_crawler(Name="c")

    stack.kill("edge")
    stack.start_edge()

    last = ended(stack)["LastCrawl"]
    assert (last["Status"], last["ErrorMessage"]) == ("FAILED", LOST)
    crawl = stack.client("glue").list_crawls(CrawlerName="c")["Crawls"][0]
    assert (crawl["State"], crawl["CrawlId"]) == ("FAILED", last["MessagePrefix"])
    assert crawled(stack)["LastCrawl"]["Status"] == "SUCCEEDED"


def test_a_crawler_with_its_schedule_and_its_history_outlives_the_edge(
    stack: ProcessStack,
) -> None:
    put(stack, 1)
    make_crawler(stack, Schedule="cron(0 2 * * ? *)", Tags={"project": "6"})
    before = crawled(stack)
    metrics = stack.client("glue").get_crawler_metrics()["CrawlerMetricsList"]

    stack.kill("edge")
    stack.start_edge()

    glue = stack.client("glue")
    assert glue.get_crawler(Name="c")["Crawler"] == before
    assert glue.get_crawler_metrics()["CrawlerMetricsList"] == metrics
    arn = "arn:aws:glue:us-east-1:000000000000:crawler/c"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"project": "6"}
    assert glue.get_table(DatabaseName="restarts", Name="rows")["Table"]["VersionId"] == "0"
