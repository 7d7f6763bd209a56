"""EventBridge Scheduler: its operations over the edge's records, and schedules that really fire."""

from __future__ import annotations

from services.edge.aws.provider import Provider
from services.edge.scheduler.api.groups import Groups
from services.edge.scheduler.api.schedules import Schedules
from services.edge.scheduler.engine import Engine
from services.edge.scheduler.store import Store
from services.edge.store.records import Records


class SchedulerProvider(Provider):
    """Schedules fire: at a moment, by cron in a time zone, by rate; after a restart, once for all.

    Made once the endpoint answers, for what is due calls it.
    """

    service = "scheduler"
    apis = (Schedules, Groups)

    def __init__(self, records: Records) -> None:
        store = Store(records)
        super().__init__(Schedules(store), Groups(store))
        Engine(store).start()
