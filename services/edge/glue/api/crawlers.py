"""AWS Glue's crawler operations: requests in, documents and running crawls behind."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import operation
from services.edge.glue import errors
from services.edge.glue.api.account import Operations
from services.edge.glue.api.paging import PAGE, PAGING
from services.edge.glue.api.resource_tags import tag_fields
from services.edge.glue.documents import crawlers, crawls
from services.edge.glue.documents.crawlers import Crawler
from services.edge.glue.engine.accounts import Account
from services.edge.glue.store import CRAWLER, require

Request = dict[str, Any]
NAMES_PER_PAGE = 100


class Crawlers(Operations):
    @operation(
        "CreateCrawler",
        differs="Delta and S3 targets only, no custom classifiers; the role is not looked up.",
    )
    def create_crawler(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        name = request["Name"]
        crawler = crawlers.created(request, time.time())
        with account.crawls.lock:
            if account.records.get(CRAWLER, name):
                raise errors.already_exists(f"Crawler with name {name}")
            account.records.put(
                CRAWLER, name, {**crawler, **tag_fields(context, "crawler", name, request)}
            )
        return {}

    @operation("GetCrawler")
    def get_crawler(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        return {"Crawler": _described(account, _crawler(account, request["Name"]))}

    @operation("GetCrawlers")
    def get_crawlers(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        paged = PAGING.page(request, "Crawlers", list(account.records.list(CRAWLER)), PAGE, "Name")
        return {**paged, "Crawlers": [_described(account, found) for found in paged["Crawlers"]]}

    @operation("ListCrawlers")
    def list_crawlers(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        wanted = (request.get("Tags") or {}).items()
        found = [c["Name"] for c in account.records.list(CRAWLER) if wanted <= c["_tags"].items()]
        return PAGING.page({"MaxResults": NAMES_PER_PAGE, **request}, "CrawlerNames", found, PAGE)

    @operation("BatchGetCrawlers")
    def batch_get_crawlers(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        found = {name: account.records.get(CRAWLER, name) for name in request["CrawlerNames"]}
        return {
            "Crawlers": [_described(account, crawler) for crawler in found.values() if crawler],
            "CrawlersNotFound": [name for name, crawler in found.items() if not crawler],
        }

    @operation("UpdateCrawler")
    def update_crawler(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.crawls.lock:
            crawler = _idle_crawler(account, request["Name"])
            changed = crawlers.updated(crawler, request, time.time())
            account.records.put(CRAWLER, crawler["Name"], changed)
        return {}

    @operation("DeleteCrawler")
    def delete_crawler(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.crawls.lock:
            crawler = _idle_crawler(account, request["Name"])
            account.records.delete(CRAWLER, crawler["Name"])
            account.crawls.forget(crawler["Name"])
        return {}

    @operation(
        "StartCrawler",
        differs="Reads ten files per folder unless SampleSize is given; a missing target fails it.",
    )
    def start_crawler(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.crawls.lock:
            account.crawls.start(_crawler(account, request["Name"]))
        return {}

    @operation("StopCrawler")
    def stop_crawler(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        account.crawls.stop(_crawler(account, request["Name"])["Name"])
        return {}

    @operation("UpdateCrawlerSchedule")
    def update_crawler_schedule(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.crawls.lock:
            crawler = _crawler(account, request["CrawlerName"])
            _put(account, crawlers.with_schedule(crawler, request.get("Schedule")))
        return {}

    @operation("StartCrawlerSchedule")
    def start_crawler_schedule(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.crawls.lock:
            crawler = _crawler(account, request["CrawlerName"])
            state = crawlers.schedule_state(crawler)
            name = crawler["Name"]
            if state is None:
                raise errors.GlueError("NoScheduleException", f"Crawler {name} has no schedule.")
            if state == "SCHEDULED":
                raise errors.GlueError(
                    "SchedulerRunningException", f"The schedule of crawler {name} is running."
                )
            _put(account, _with_schedule_state(crawler, "SCHEDULED"))
        return {}

    @operation("StopCrawlerSchedule")
    def stop_crawler_schedule(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.crawls.lock:
            crawler = _crawler(account, request["CrawlerName"])
            if crawlers.schedule_state(crawler) != "SCHEDULED":
                raise errors.GlueError(
                    "SchedulerNotRunningException",
                    f"The schedule of crawler {crawler['Name']} is not running.",
                )
            _put(account, _with_schedule_state(crawler, "NOT_SCHEDULED"))
        return {}

    @operation("GetCrawlerMetrics")
    def get_crawler_metrics(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        wanted = request.get("CrawlerNameList") or []
        names = [crawler["Name"] for crawler in account.records.list(CRAWLER)]
        found = [name for name in names if not wanted or name in wanted]
        paged = PAGING.page(request, "CrawlerMetricsList", found, PAGE)
        now = time.time()
        rows = [
            crawls.metrics(name, account.crawls.crawls(name), now)
            for name in paged["CrawlerMetricsList"]
        ]
        return {**paged, "CrawlerMetricsList": rows}

    @operation(
        "ListCrawls",
        differs="Without DPU hours, as nothing is billed: a filter by DPU_HOUR is refused.",
    )
    def list_crawls(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        crawler = _crawler(account, request["CrawlerName"])
        newest_first = list(reversed(account.crawls.crawls(crawler["Name"])))
        found = crawls.matching(newest_first, request.get("Filters") or [])
        shown = [crawls.described(crawl) for crawl in found]
        return PAGING.page(request, "Crawls", shown, PAGE, "CrawlId")


def _crawler(account: Account, name: str) -> Crawler:
    return require(account.records, CRAWLER, name)


def _idle_crawler(account: Account, name: str) -> Crawler:
    crawler = _crawler(account, name)
    if account.crawls.state(name) != "READY":
        raise errors.GlueError("CrawlerRunningException", f"Crawler with name {name} is running.")
    return crawler


def _put(account: Account, crawler: Crawler) -> None:
    account.records.put(CRAWLER, crawler["Name"], crawler)


def _described(account: Account, crawler: Crawler) -> Crawler:
    name = crawler["Name"]
    shown = {
        **crawlers.described(crawler),
        "State": account.crawls.state(name),
        "CrawlElapsedTime": account.crawls.elapsed(name),
    }
    last = account.crawls.last_crawl(name)
    return {**shown, "LastCrawl": last} if last else shown


def _with_schedule_state(crawler: Crawler, state: str) -> Crawler:
    return {**crawler, "Schedule": {**crawler["Schedule"], "State": state}}
