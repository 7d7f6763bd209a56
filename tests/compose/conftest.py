"""The project's images, built and started once; the containers' logs are printed on a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lake.compose import engine_answers
from tests.support.compose_stack import ComposeStack, new_settings, running_settings


def pytest_collection_modifyitems(items):
    # The first test's time is that of the images too.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(2400))


@pytest.fixture(scope="package")
def stack(tmp_path_factory) -> Iterator[ComposeStack]:
    """REUSE_STACK=1 takes the stack that `make up` started, and leaves it running."""
    require_engine()
    folder = tmp_path_factory.mktemp("compose")
    reused = os.environ.get("REUSE_STACK") == "1"
    running = ComposeStack(running_settings() if reused else new_settings(), "full", folder)
    try:
        running.start()
        yield running
    finally:
        if not reused:
            running.remove()


@pytest.fixture(autouse=True)
def logs_on_failure(request, stack) -> Iterator[None]:
    failed = request.session.testsfailed
    yield
    if request.session.testsfailed > failed:
        print(stack.logs()[-20_000:])


def require_engine() -> None:
    if engine_answers():
        return
    reason = "no Docker engine with compose answers: start one to run the tests of the containers"
    if os.environ.get("REQUIRE_COMPOSE") == "1":
        pytest.fail(f"{reason} (REQUIRE_COMPOSE=1)")
    pytest.skip(reason)
