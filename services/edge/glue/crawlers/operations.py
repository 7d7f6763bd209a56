"""AWS Glue's crawler operations: requests in, documents and running crawls behind."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import operation
from services.edge.glue import errors
from services.edge.glue.crawlers import crawls, definitions
from services.edge.glue.crawlers.definitions import CRAWLER, Crawler
from services.edge.glue.paging import PAGE, PAGING
from services.edge.glue.places import Place, PlacedOperations
from services.edge.glue.tag_operations import own

Request = dict[str, Any]
NAMES_PER_PAGE = 100


class CrawlerOperations(PlacedOperations):
    """A part of the provider."""

    @operation(
        "CreateCrawler",
        differs="Delta and S3 targets only, no custom classifiers; the role is not looked up.",
    )
    def create_crawler(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        name = request["Name"]
        crawler = definitions.created(request, time.time())
        with place.crawls.lock:
            if place.records.get(CRAWLER, name):
                raise errors.already_exists(f"Crawler with name {name}")
            place.records.put(CRAWLER, name, {**crawler, **own(context, "crawler", name, request)})
        return {}

    @operation("GetCrawler")
    def get_crawler(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        return {"Crawler": _described(place, _crawler(place, request["Name"]))}

    @operation("GetCrawlers")
    def get_crawlers(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        paged = PAGING.page(request, "Crawlers", list(place.records.list(CRAWLER)), PAGE, "Name")
        return {**paged, "Crawlers": [_described(place, found) for found in paged["Crawlers"]]}

    @operation("ListCrawlers")
    def list_crawlers(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        wanted = (request.get("Tags") or {}).items()
        found = [c["Name"] for c in place.records.list(CRAWLER) if wanted <= c["_tags"].items()]
        return PAGING.page({"MaxResults": NAMES_PER_PAGE, **request}, "CrawlerNames", found, PAGE)

    @operation("BatchGetCrawlers")
    def batch_get_crawlers(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        found = {name: place.records.get(CRAWLER, name) for name in request["CrawlerNames"]}
        return {
            "Crawlers": [_described(place, crawler) for crawler in found.values() if crawler],
            "CrawlersNotFound": [name for name, crawler in found.items() if not crawler],
        }

    @operation("UpdateCrawler")
    def update_crawler(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.crawls.lock:
            crawler = _idle_crawler(place, request["Name"])
            changed = definitions.updated(crawler, request, time.time())
            place.records.put(CRAWLER, crawler["Name"], changed)
        return {}

    @operation("DeleteCrawler")
    def delete_crawler(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.crawls.lock:
            crawler = _idle_crawler(place, request["Name"])
            place.records.delete(CRAWLER, crawler["Name"])
            place.crawls.forget(crawler["Name"])
        return {}

    @operation(
        "StartCrawler",
        differs="Reads ten files per folder unless SampleSize is given; a missing target fails it.",
    )
    def start_crawler(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.crawls.lock:
            place.crawls.start(_crawler(place, request["Name"]))
        return {}

    @operation("StopCrawler")
    def stop_crawler(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        place.crawls.stop(_crawler(place, request["Name"])["Name"])
        return {}

    @operation("UpdateCrawlerSchedule")
    def update_crawler_schedule(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.crawls.lock:
            crawler = _crawler(place, request["CrawlerName"])
            _put(place, definitions.with_schedule(crawler, request.get("Schedule")))
        return {}

    @operation("StartCrawlerSchedule")
    def start_crawler_schedule(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.crawls.lock:
            crawler = _crawler(place, request["CrawlerName"])
            state = definitions.schedule_state(crawler)
            name = crawler["Name"]
            if state is None:
                raise errors.GlueError("NoScheduleException", f"Crawler {name} has no schedule.")
            if state == "SCHEDULED":
                raise errors.GlueError(
                    "SchedulerRunningException", f"The schedule of crawler {name} is running."
                )
            _put(place, _with_schedule_state(crawler, "SCHEDULED"))
        return {}

    @operation("StopCrawlerSchedule")
    def stop_crawler_schedule(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.crawls.lock:
            crawler = _crawler(place, request["CrawlerName"])
            if definitions.schedule_state(crawler) != "SCHEDULED":
                raise errors.GlueError(
                    "SchedulerNotRunningException",
                    f"The schedule of crawler {crawler['Name']} is not running.",
                )
            _put(place, _with_schedule_state(crawler, "NOT_SCHEDULED"))
        return {}

    @operation("GetCrawlerMetrics")
    def get_crawler_metrics(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        wanted = request.get("CrawlerNameList") or []
        names = [crawler["Name"] for crawler in place.records.list(CRAWLER)]
        found = [name for name in names if not wanted or name in wanted]
        paged = PAGING.page(request, "CrawlerMetricsList", found, PAGE)
        now = time.time()
        rows = [
            crawls.metrics(name, place.crawls.crawls(name), now)
            for name in paged["CrawlerMetricsList"]
        ]
        return {**paged, "CrawlerMetricsList": rows}

    @operation(
        "ListCrawls",
        differs="Without DPU hours, as nothing is billed: a filter by DPU_HOUR is refused.",
    )
    def list_crawls(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        crawler = _crawler(place, request["CrawlerName"])
        newest_first = list(reversed(place.crawls.crawls(crawler["Name"])))
        found = crawls.matching(newest_first, request.get("Filters") or [])
        shown = [crawls.described(crawl) for crawl in found]
        return PAGING.page(request, "Crawls", shown, PAGE, "CrawlId")


def _crawler(place: Place, name: str) -> Crawler:
    crawler = place.records.get(CRAWLER, name)
    if crawler is None:
        raise errors.not_found(f"Crawler with name {name}")
    return crawler


def _idle_crawler(place: Place, name: str) -> Crawler:
    crawler = _crawler(place, name)
    if place.crawls.state(name) != "READY":
        raise errors.GlueError("CrawlerRunningException", f"Crawler with name {name} is running.")
    return crawler


def _put(place: Place, crawler: Crawler) -> None:
    place.records.put(CRAWLER, crawler["Name"], crawler)


def _described(place: Place, crawler: Crawler) -> Crawler:
    name = crawler["Name"]
    shown = {
        **definitions.described(crawler),
        "State": place.crawls.state(name),
        "CrawlElapsedTime": place.crawls.elapsed(name),
    }
    last = place.crawls.last_crawl(name)
    return {**shown, "LastCrawl": last} if last else shown


def _with_schedule_state(crawler: Crawler, state: str) -> Crawler:
    return {**crawler, "Schedule": {**crawler["Schedule"], "State": state}}
