"""A second door to S3: its everyday calls reach the provider without LocalStack's whole chain.

The chain takes most of a small request's time to find out what it is: routes, heuristics of the
service, a parser that looks at all members. What calls.py knows for certain is asked of the same
provider, behind the same refusals and limits, and answered in the same words.
"""

from __future__ import annotations

from functools import cache, lru_cache, partial
from typing import Any

from localstack.aws import handlers
from localstack.aws.accounts import get_account_id_from_access_key_id
from localstack.aws.api import ServiceException
from localstack.aws.skeleton import Skeleton
from localstack.http import Response
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.aws.arns import get_partition

from services.edge.http import at_once
from services.edge.s3.hot import answers
from services.edge.s3.hot.calls import LISTING, Call, called, model


def apply() -> None:
    at_once.DOORS.append(at_once.Door(handler_of))


def handler_of(method: str, target: str, headers: at_once.Fields) -> at_once.Handler | None:
    """What answers a request, where it is plainly one of the everyday calls."""
    call = called(method, target, headers)
    if call is None or call.region not in _regions():
        return None
    return partial(_answer, call)


def _answer(call: Call, chain: Any, context: Any, response: Any) -> None:
    if call.operation == "PutObject" and context.request.content_length:
        call.parameters["Body"] = context.request.stream
    context.service, context.protocol = model(call.operation).service_model, "rest-xml"
    context.operation, context.service_request = model(call.operation), call.parameters
    context.account_id = _account(call.access_key)
    context.region, context.partition = call.region, _partition(call.region)
    handlers.serve_custom_service_request_handlers(chain, context, response)
    if not chain.stopped and not chain.terminated:
        _ask(context, response)
        handlers.modify_service_response(chain, context, response)
        handlers.run_custom_response_handlers(chain, context, response)
        chain.terminate()  # the other handlers of answers add nothing to these


def _ask(context: Any, response: Any) -> None:
    """As Skeleton.invoke does it."""
    operation, request = context.operation.name, context.request
    skeleton = _skeleton()
    try:
        answer = skeleton.dispatch_table[operation](context, context.service_request)
    except ServiceException as error:
        told = skeleton.on_service_exception(answers.serializer(), context, error)
        response.update_from(told)
        return
    if isinstance(answer, Response):  # a listing
        response.update_from(answer)
        return
    if operation == LISTING:
        raise TypeError(f"Expected a listing of the provider `durable`, found {type(answer)}")
    context.service_response = answer
    answers.write(response, operation, answer, request, context.request_id)


@cache
def _skeleton() -> Skeleton:
    return SERVICE_PLUGINS.require("s3").skeleton


@cache
def _regions() -> frozenset[str]:
    return frozenset(handlers.rewrite_region.region_rewriter_strategy.available_regions)


@cache
def _partition(region: str) -> str:
    return str(get_partition(region))


@lru_cache(maxsize=1024)
def _account(access_key: str) -> str:
    return str(get_account_id_from_access_key_id(access_key))
