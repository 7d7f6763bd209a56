"""EMR Serverless's operations on applications."""

from __future__ import annotations

import time

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document, operation
from services.edge.emr_serverless.api.listing import PAGE, PAGING, passes, scope_of
from services.edge.emr_serverless.documents import application_states, applications, job_runs
from services.edge.emr_serverless.engine.lifecycle import Lifecycle
from services.edge.emr_serverless.store import Store


class Applications:
    def __init__(self, store: Store, lifecycle: Lifecycle) -> None:
        self._store, self._lifecycle = store, lifecycle

    @operation(
        "CreateApplication",
        differs="Spark 3.5 whatever the release; images, Livy, queues and identities are refused.",
    )
    def create_application(self, context: RequestContext, request: Document) -> Document:
        scope = scope_of(context)
        with self._store.lock:
            tokens = self._store.tokens(scope)
            known = tokens.identifier(request)
            application = self._store.find_application(scope, known) if known else None
            if application is None:
                identifier = known or applications.new_id()
                application = applications.created(request, scope, identifier, time.time())
                tokens.remember(request, identifier)
                self._store.save(application)
        return {name: application[name] for name in ("applicationId", "name", "arn")}

    @operation("GetApplication")
    def get_application(self, context: RequestContext, request: Document) -> Document:
        return {"application": job_runs.described(self._application(context, request))}

    @operation("ListApplications")
    def list_applications(self, context: RequestContext, request: Document) -> Document:
        summaries = [
            applications.summary(application)
            for application in self._store.applications(scope_of(context))
            if application["state"] != "TERMINATED" and passes(request, application)
        ]
        return PAGING.page(request, "applications", summaries, PAGE, "id")

    @operation(
        "UpdateApplication",
        differs="Capacity and network are kept; one Spark service has them for all applications.",
    )
    def update_application(self, context: RequestContext, request: Document) -> Document:
        with self._store.lock:
            application = self._application(context, request)
            changed = self._store.save(applications.updated(application, request, time.time()))
        return {"application": job_runs.described(changed)}

    @operation("StartApplication")
    def start_application(self, context: RequestContext, request: Document) -> Document:
        with self._store.lock:
            self._lifecycle.start(self._application(context, request))
        return {}

    @operation("StopApplication")
    def stop_application(self, context: RequestContext, request: Document) -> Document:
        with self._store.lock:
            self._lifecycle.stop(self._application(context, request))
        return {}

    @operation("DeleteApplication")
    def delete_application(self, context: RequestContext, request: Document) -> Document:
        with self._store.lock:
            application = self._application(context, request)
            self._store.save(application_states.terminated(application, time.time()))
        return {}

    def _application(self, context: RequestContext, request: Document) -> Document:
        return self._store.application(scope_of(context), request["applicationId"])
