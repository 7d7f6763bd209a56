"""EMR Serverless: its operations, and what works for them in the background."""

from __future__ import annotations

from services.edge.aws.provider import Provider
from services.edge.emr_serverless.api.applications import Applications
from services.edge.emr_serverless.api.job_runs import JobRuns
from services.edge.emr_serverless.api.resource_tags import ResourceTags
from services.edge.emr_serverless.engine.clients import client_of, role_client_of, worker_of
from services.edge.emr_serverless.engine.follower import Follower, Identities
from services.edge.emr_serverless.engine.lifecycle import Lifecycle
from services.edge.emr_serverless.store import Store
from services.edge.spark_client import SparkClient
from services.edge.store.records import Records


class EmrServerlessProvider(Provider):
    """Applications and job runs of Spark, each run a driver process of its own on this machine."""

    service = "emr-serverless"
    apis = (Applications, JobRuns, ResourceTags)

    def __init__(self, records: Records, spark: SparkClient) -> None:
        store = Store(records)
        identities = Identities(role_client_of, client_of, lambda run: worker_of(run).renewing())
        lifecycle, follower = Lifecycle(store, spark), Follower(store, spark, identities)
        lifecycle.resume()
        follower.resume()
        super().__init__(
            Applications(store, lifecycle),
            JobRuns(store, lifecycle, follower, spark),
            ResourceTags(store),
        )
