"""The report of a run at `/reports/EXECUTION`, written when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

from botocore.exceptions import ClientError
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from dashboard import states
from dashboard.clients import make_client
from dashboard.settings import Settings
from dashboard.states import NothingToShowError
from pipeline import addresses, pipeline_run
from pipeline.gold_history import Lake
from pipeline.run_report import reading
from pipeline.run_report.contents import Contents
from pipeline.run_report.page import POLICY, page

NAME = re.compile(r"[0-9A-Za-z_-]{1,80}")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def answering(settings: Settings) -> Callable[[Request], Response]:
    """The endpoint; Starlette calls it in a thread of its own."""

    def answer(request: Request) -> Response:
        name = str(request.path_params["name"])
        if not NAME.fullmatch(name):
            return PlainTextResponse("An execution's name was expected.\n", 404)
        try:
            return HTMLResponse(page(_contents(settings, name)), headers=HEADERS)
        except addresses.NotDeployedError as error:
            return PlainTextResponse(f"{error}.\n", 503)
        except Exception as error:
            return _refusal(error, settings, name)

    return answer


def _contents(settings: Settings, name: str) -> Contents:
    cloudformation = make_client("cloudformation", settings)
    machine = addresses.state_machine_arn(cloudformation, settings.resources.stack)
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
    run = pipeline_run.read(
        make_client("stepfunctions", settings), make_client("logs", settings), arn
    )
    return reading.contents(run, Lake(settings.resources, settings.storage_options))


def _refusal(error: Exception, settings: Settings, name: str) -> Response:
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        if code in ("ExecutionDoesNotExist", "InvalidArn"):
            return PlainTextResponse(f"There is no run {name}: look at the page Pipeline.\n", 404)
    state = states.of_failed_call(error, settings.endpoint_url, settings.resources.gold_bucket)
    if not isinstance(state, NothingToShowError):
        raise error
    return PlainTextResponse(f"{state}\n\n{state.command or ''}\n", 503)
