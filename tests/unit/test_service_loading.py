"""LocalStack takes a service for loaded before it can be called; who calls then waits here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Event
from types import SimpleNamespace
from typing import Any

from localstack.aws.handlers.service_plugin import ServiceLoader
from localstack.services.plugins import Service
from localstack.utils.patch import Patch

from services.edge.service_loading import require_with_its_routes


class Router:
    """Routes that take their time until they are there."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.is_routed = Event(), Event(), False

    def add_skeleton(self, _: Any) -> None:
        self.begun.set()
        self.may_end.wait(10)
        self.is_routed = True


def found_by_a_second_caller(patched: Any) -> bool:
    """Whether a call that comes while the service is being routed finds the routes."""
    router, service = Router(), Service("s3")
    manager = SimpleNamespace(exists=lambda _: True, require=lambda _: service)
    context: Any = SimpleNamespace(service=SimpleNamespace(service_name="s3"))
    with patched, ThreadPoolExecutor(2) as pool:
        loader = ServiceLoader(manager, router)  # type: ignore[arg-type]

        def call() -> bool:
            loader(None, context, None)  # type: ignore[arg-type]
            return router.is_routed

        first = pool.submit(call)
        router.begun.wait(10)
        second = pool.submit(call)
        try:
            found = second.result(0.3)
        except TimeoutError:
            found = None
        router.may_end.set()
        assert first.result(10)
        return second.result(10) if found is None else found


def test_localstack_still_lets_a_second_caller_in_before_the_routes_are_there():
    assert not found_by_a_second_caller(nullcontext())


def test_a_second_caller_waits_for_the_routes():
    mended = Patch.function(ServiceLoader.require_service, require_with_its_routes)
    assert found_by_a_second_caller(mended)
