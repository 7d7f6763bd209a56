"""Glue crawlers after kill -9 of the edge."""

from __future__ import annotations

from typing import Any

from tests.support.ledgers import outlives
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until

LOST = "The stack ended while the crawl was running; start the crawler again."


def make_crawler(stack: ProcessStack, name: str, folders: int, **settings: Any) -> None:
    """Over a bucket and into a database of its own."""
    s3, glue = stack.client("s3"), stack.client("glue")
    s3.create_bucket(Bucket=f"crawled-{name}")
    for number in range(folders):
        s3.put_object(Bucket=f"crawled-{name}", Key=f"rows/day={number}/a.json", Body=b'{"id": 1}')
    glue.create_database(DatabaseInput={"Name": f"crawled_{name}"})
    target = {"S3Targets": [{"Path": f"s3://crawled-{name}/rows/"}]}
    glue.create_crawler(
        Name=name, Role="crawler", DatabaseName=f"crawled_{name}", Targets=target, **settings
    )


def ended(stack: ProcessStack, name: str) -> dict[str, Any]:
    glue = stack.client("glue")
    found = until(
        lambda: glue.get_crawler(Name=name)["Crawler"], lambda one: one["State"] == "READY", 60
    )
    return dict(found)


@outlives(turn=4)
def test_a_crawl_that_was_running_has_failed_and_can_be_repeated(stack):
    glue = stack.client("glue")
    make_crawler(stack, "running", 100)
    glue.start_crawler(Name="running")

    yield

    last = ended(stack, "running")["LastCrawl"]
    assert (last["Status"], last["ErrorMessage"]) == ("FAILED", LOST)
    crawl = glue.list_crawls(CrawlerName="running")["Crawls"][0]
    assert (crawl["State"], crawl["CrawlId"]) == ("FAILED", last["MessagePrefix"])
    glue.start_crawler(Name="running")
    assert ended(stack, "running")["LastCrawl"]["Status"] == "SUCCEEDED"


@outlives()
def test_a_crawler_comes_back_with_its_schedule_and_its_history(stack):
    glue = stack.client("glue")
    make_crawler(stack, "daily", 1, Schedule="cron(0 2 * * ? *)", Tags={"project": "6"})
    glue.start_crawler(Name="daily")
    before = ended(stack, "daily")
    asked = {"CrawlerNameList": ["daily"]}
    metrics = glue.get_crawler_metrics(**asked)["CrawlerMetricsList"]

    yield

    assert glue.get_crawler(Name="daily")["Crawler"] == before
    assert glue.get_crawler_metrics(**asked)["CrawlerMetricsList"] == metrics
    arn = "arn:aws:glue:us-east-1:000000000000:crawler/daily"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"project": "6"}
    assert glue.get_table(DatabaseName="crawled_daily", Name="rows")["Table"]["VersionId"] == "0"
