"""Every plugin that this project adds to LocalStack; pyproject.toml names each as entry point."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

from localstack.runtime import hooks
from localstack.runtime.server.core import RuntimeServerPlugin
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.plugins import Service
from localstack.services.providers import aws_provider

from services.edge.codepipeline.git.repositories import Repositories
from services.edge.settings import Settings
from services.edge.spark_client import SparkClient
from services.edge.store.records import Records
from services.private_files import keep_private
from services.spark_token import shared_token

# Those that are stored by this project itself.
OWN_SERVICES = ("athena", "codepipeline", "emr-serverless", "glue", "s3")


@cache
def settings() -> Settings:
    return Settings.from_env()


@cache
def records() -> Records:
    return Records(settings().data_dir / "edge.sqlite")


@cache
def spark() -> SparkClient:
    return SparkClient(settings().spark_url, shared_token(settings().spark_token_file))


@aws_provider(api="emr-serverless")
def emr_serverless() -> Service:
    from services.edge.aws.provider import service_of
    from services.edge.emr_serverless.provider import EmrServerlessProvider

    return service_of(EmrServerlessProvider(records(), spark()))


@cache
def catalogs() -> Any:
    from services.edge.glue.catalog.store import Catalogs

    return Catalogs(settings().data_dir)


@aws_provider(api="glue")
def glue() -> Service:
    from services.edge.aws.provider import service_of
    from services.edge.glue.provider import GlueProvider

    return service_of(GlueProvider(records(), catalogs(), spark()))


@cache
def repositories() -> Repositories:
    return Repositories(settings().data_dir / "repositories")


@aws_provider(api="codepipeline")
def codepipeline() -> Service:
    from services.edge.aws.provider import service_of
    from services.edge.codepipeline.provider import CodePipelineProvider

    return service_of(CodePipelineProvider(records(), repositories()))


@aws_provider(api="athena")
def athena() -> Service:
    from services.edge.athena.pool import Limits
    from services.edge.athena.provider import AthenaProvider

    own = settings()
    limits = Limits(own.athena_seconds, own.athena_memory_mb, own.athena_at_once)
    return Service.for_provider(AthenaProvider(records(), limits))


@aws_provider(api="s3", name="durable")
def s3() -> Service:
    from services.edge.s3.provider import DurableS3Provider

    return Service.for_provider(DurableS3Provider(settings().data_dir / "s3"))


@aws_provider(api="cloudformation", name="lakehouse")
def cloudformation() -> Service:
    from services.edge.cloudformation.provider import StackProvider

    return Service.for_provider(StackProvider())


@aws_provider(api="logs", name="lakehouse")
def logs() -> Service:
    from localstack.services.moto import MotoFallbackDispatcher

    from services.edge.cloudwatch_logs.provider import LogsProvider

    return Service.for_provider(LogsProvider(), dispatch_table_factory=MotoFallbackDispatcher)


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    name = "process"

    def load(self, *_: Any, **__: Any) -> Any:
        from services.edge.lambda_process.executor import ProcessExecutor

        return ProcessExecutor


@hooks.on_infra_start(priority=100)
def close_folders() -> None:
    """Before anything is read: what is kept is its user's alone, and can be kept at all."""
    from services.edge.store import room

    room.check(settings().data_dir)
    for folder in {settings().data_dir, settings().spark_token_file.parent}:
        keep_private(folder)


@hooks.on_infra_start()
def mend_s3() -> None:
    from services.edge.s3 import chunks, event_keys, limits, presigned, upload_listing
    from services.edge.s3.hot import door

    upload_listing.mend()
    chunks.mend()
    event_keys.mend()
    limits.mend()
    presigned.mend()
    door.mend()


@hooks.on_infra_start()
def refuse_unserved_calls() -> None:
    from localstack.aws import handlers

    from services.edge.aws import requests
    from services.edge.served_calls import gate

    handlers.serve_custom_service_request_handlers.append(gate.refuse_unserved)
    handlers.serve_custom_service_request_handlers.append(requests.check)
    requests.answer_malformed_requests()


@hooks.on_infra_start()
def refuse_changes_by_get() -> None:
    from localstack.aws import handlers

    from services.edge.served_calls import changes_by_get

    handlers.serve_custom_service_request_handlers.append(changes_by_get.refuse)
    changes_by_get.refuse_at_queue_urls()


@hooks.on_infra_start()
def add_stepfunctions_integrations() -> None:
    from services.edge.stepfunctions import execution_logs, integrations
    from services.edge.stepfunctions.interpreter import patches

    integrations.add()
    execution_logs.mend()
    patches.apply()


@hooks.on_infra_start()
def complete_cloudformation() -> None:
    from services.edge.cloudformation import (
        announced_replacements,
        intrinsics,
        resource_type_patches,
        stored_plans,
    )

    resource_type_patches.apply()
    intrinsics.mend()
    announced_replacements.mend()
    stored_plans.leave_out_executed()


@hooks.on_infra_start()
def mend_schedules() -> None:
    from services.edge.events import scheduler, targets

    scheduler.mend()
    targets.mend()


@hooks.on_infra_start()
def let_rules_start_pipelines() -> None:
    from services.edge.codepipeline.engine import event_target

    event_target.add()


@hooks.on_infra_start(priority=-10)
def keep_service_state() -> None:
    """After the hooks that mend services; then runs go on and failed ones are told."""
    from localstack.aws import handlers
    from localstack.services.plugins import SERVICE_PLUGINS
    from localstack.utils.bootstrap import is_api_enabled

    from services.edge.store import damage
    from services.edge.store.room import Room, tell_full_disks
    from services.edge.store.service_parts import SERVICES
    from services.edge.store.service_state import ServiceState

    folder = settings().data_dir
    with damage.ends_the_start():
        state = ServiceState(folder / "services.sqlite")
        # All are opened before one is used.
        records()
        catalogs().open_all()
        if is_api_enabled("s3"):
            SERVICE_PLUGINS.require("s3")
        refused = Room(folder, (*SERVICES, *OWN_SERVICES))
        handlers.serve_custom_service_request_handlers.append(refused.before_call)
        tell_full_disks()
        state.load()
        handlers.run_custom_response_handlers.append(state.after_call)
        threading.Thread(target=state.follow, name="service-state", daemon=True).start()
        for service in filter(is_api_enabled, ("emr-serverless", "glue")):
            SERVICE_PLUGINS.require(service)


@hooks.on_infra_ready()
def restore_lambda_functions() -> None:
    from services.edge.store import restarts

    restarts.lambda_functions()


@hooks.on_infra_start()
def mend_functions() -> None:
    from services.edge.lambda_process import (
        bursts,
        counts,
        draining,
        function_urls,
        keep_alive,
        log_lines,
        payloads,
        variables,
    )

    for part in (bursts, counts, draining, keep_alive, log_lines):
        part.add()
    for part in (function_urls, payloads, variables):
        part.mend()


@hooks.on_infra_start()
def mend_alarms() -> None:
    from services.edge import alarms

    alarms.mend()


@hooks.on_infra_start()
def mend_rest_apis() -> None:
    from services.edge.apigateway import (
        door,
        gateway,
        lambda_calls,
        lambda_proxy,
        media_types,
        time_limit,
    )

    for part in (door, gateway, lambda_calls, lambda_proxy, media_types, time_limit):
        part.mend()


@hooks.on_infra_start()
def serve_repositories() -> None:
    from localstack.services.edge import ROUTER
    from localstack.services.plugins import SERVICE_PLUGINS

    from services.edge.codepipeline.git.http_server import ROUTE, GitServer

    def pushed(repository: str) -> None:
        SERVICE_PLUGINS.require("codepipeline")._provider.pushed(repository)

    ROUTER.add(ROUTE, GitServer(repositories(), pushed))


@hooks.on_infra_ready(priority=-10)
def resume_pipelines() -> None:
    """After the Lambda functions are there again, for a pipeline may call them."""
    from localstack.services.plugins import SERVICE_PLUGINS
    from localstack.utils.bootstrap import is_api_enabled

    if is_api_enabled("codepipeline"):
        SERVICE_PLUGINS.require("codepipeline")


class ThreadedServerPlugin(RuntimeServerPlugin):
    name = "threaded"

    def load(self, *_: Any, **__: Any) -> Any:
        from services.edge.http.server import ThreadedServer

        return ThreadedServer(settings().names)
