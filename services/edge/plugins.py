"""Every plugin that this project adds to LocalStack; pyproject.toml names each as entry point."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from localstack.runtime import hooks
from localstack.runtime.server.core import RuntimeServerPlugin
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.plugins import Service
from localstack.services.providers import aws_provider

from services.edge.outbox.outbox import Outbox
from services.edge.settings import Settings
from services.edge.spark_client import SparkClient
from services.edge.store.records import Records
from services.private_files import keep_private
from services.spark_token import shared_token

if TYPE_CHECKING:  # they take a while to load, and most starts need none of them
    from services.edge.codepipeline.git.http_server import GitServer
    from services.edge.codepipeline.git.repositories import Repositories
    from services.edge.glue.catalog.store import Catalogs


@cache
def settings() -> Settings:
    return Settings.from_env()


@cache
def records() -> Records:
    return Records(settings().data_dir / "edge.sqlite")


@cache
def outbox() -> Outbox:
    return Outbox(settings().data_dir / "outbox.sqlite")


@cache
def spark() -> SparkClient:
    return SparkClient(settings().spark_url, shared_token(settings().spark_token_file))


@aws_provider(api="emr-serverless")
def emr_serverless() -> Service:
    from services.edge.aws.provider import service_of
    from services.edge.emr_serverless.provider import EmrServerlessProvider

    return service_of(EmrServerlessProvider(records(), spark()))


@cache
def catalogs() -> Catalogs:
    from services.edge.glue.catalog.store import Catalogs

    return Catalogs(settings().data_dir)


@aws_provider(api="glue")
def glue() -> Service:
    from services.edge.aws.provider import service_of
    from services.edge.glue.provider import GlueProvider

    return service_of(GlueProvider(records(), catalogs(), spark()))


@cache
def repositories() -> Repositories:
    from services.edge.codepipeline.git.repositories import Repositories

    return Repositories(settings().data_dir / "repositories")


@cache
def git_server() -> GitServer:
    from localstack.services.plugins import SERVICE_PLUGINS

    from services.edge.codepipeline.git.http_server import GitServer

    def pushed(repository: str) -> None:
        SERVICE_PLUGINS.require("codepipeline")._provider.pushed(repository)

    return GitServer(repositories(), pushed)


@aws_provider(api="codepipeline")
def codepipeline() -> Service:
    from services.edge.aws.provider import service_of
    from services.edge.codepipeline.provider import CodePipelineProvider

    return service_of(CodePipelineProvider(records(), repositories()))


@aws_provider(api="scheduler", name="lakehouse")
def scheduler() -> Service:
    from services.edge.aws.provider import service_of
    from services.edge.scheduler.provider import SchedulerProvider

    return service_of(SchedulerProvider(records()))


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
def prepare_folders() -> None:
    """Before anything is read: what is kept is its user's alone, and can be kept at all."""
    from services.edge.store import disk_space

    disk_space.check_writable(settings().data_dir)
    for folder in {settings().data_dir, settings().spark_token_file.parent}:
        keep_private(folder)


@hooks.on_infra_start()
def add_to_services() -> None:
    from services.edge import additions, service_loading
    from services.edge.outbox import senders
    from services.edge.permissions import assumed_roles

    service_loading.hook()
    additions.register()
    senders.register(outbox())
    assumed_roles.apply()


@hooks.on_infra_start()
def refuse_calls() -> None:
    """Those that are not served, not as AWS's model says or not permitted, and changes by GET."""
    from localstack.aws import handlers

    from services.edge.aws import due, requests
    from services.edge.permissions import gate as permissions
    from services.edge.served_calls import changes_by_get, gate

    for refuse in (changes_by_get.refuse, gate.refuse_unserved, requests.check):
        handlers.serve_custom_service_request_handlers.append(refuse)
    handlers.serve_custom_service_request_handlers.append(due.settle)
    if (mode := settings().iam_mode) != "off":
        judged = permissions.Gate(permission_usage().record, enforces=mode == "enforce")
        handlers.serve_custom_service_request_handlers.append(permissions.use(judged))
        handlers.run_custom_response_handlers.append(judged.after_call)
    requests.answer_malformed_requests()


@cache
def permission_usage() -> Any:
    from services.edge.permissions.usage import Usage

    return Usage(records())


@hooks.on_infra_start(priority=-10)
def keep_service_state() -> None:
    """After the other hooks; then runs go on and failed ones are told."""
    from services.edge import start
    from services.edge.store import damage

    with damage.ends_the_start():
        records()
        outbox().waiting()
        catalogs().open_all()
        start.open_services(settings().data_dir)


@hooks.on_infra_ready()
def restore_lambda_functions() -> None:
    from services.edge.service_state import lambda_functions

    lambda_functions.make_ready()


@hooks.on_infra_start()
def serve_repositories() -> None:
    from localstack.services.edge import ROUTER

    def serve(request: Any, rest: str) -> Any:
        return git_server()(request, rest=rest)

    ROUTER.add("/_git/<path:rest>", serve)


@hooks.on_infra_start()
def tell_permissions() -> None:
    from localstack.services.edge import ROUTER

    def serve(request: Any) -> Any:
        from services.edge.permissions.page import PermissionsPage

        return PermissionsPage(permission_usage(), settings().iam_mode)(request)

    ROUTER.add("/_lake/permissions", serve, methods=["GET", "DELETE"])


@hooks.on_infra_ready(priority=-10)
def resume_pipelines() -> None:
    """After the Lambda functions are there again, for a pipeline may call them."""
    from localstack.services.plugins import SERVICE_PLUGINS
    from localstack.utils.bootstrap import is_api_enabled

    if is_api_enabled("codepipeline"):
        SERVICE_PLUGINS.require("codepipeline")


@hooks.on_infra_ready(priority=-20)
def deliver_again() -> None:
    """After the functions are there again, which a delivery may be for."""
    from services.edge.outbox import senders

    senders.deliver_waiting(outbox())


@hooks.on_infra_ready(priority=-10)
def resume_schedules() -> None:
    """Only where there are any: the service is loaded by its first call otherwise."""
    from localstack.services.plugins import SERVICE_PLUGINS
    from localstack.utils.bootstrap import is_api_enabled

    from services.edge.scheduler.store import has_schedules

    if is_api_enabled("scheduler") and has_schedules(records()):
        SERVICE_PLUGINS.require("scheduler")


class ThreadedServerPlugin(RuntimeServerPlugin):
    name = "threaded"

    def load(self, *_: Any, **__: Any) -> Any:
        from services.edge.http.server import ThreadedServer

        return ThreadedServer(settings().names)
