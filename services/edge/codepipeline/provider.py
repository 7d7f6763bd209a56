"""CodePipeline: its operations over the edge's records, and the actions that really run."""

from __future__ import annotations

from services.edge.aws.provider import Provider
from services.edge.codepipeline.api.action_results import ActionResults
from services.edge.codepipeline.api.executions import Executions
from services.edge.codepipeline.api.pipelines import Pipelines
from services.edge.codepipeline.api.resource_tags import ResourceTags
from services.edge.codepipeline.api.roles import is_assumable
from services.edge.codepipeline.engine.actions.git_source import GitSource
from services.edge.codepipeline.engine.actions.lambda_invoke import LambdaInvoke
from services.edge.codepipeline.engine.actions.s3_deploy import S3Deploy
from services.edge.codepipeline.engine.actions.s3_source import S3Source
from services.edge.codepipeline.engine.clients import client_of, role_client_of
from services.edge.codepipeline.engine.event_starts import EventStarts
from services.edge.codepipeline.engine.executions import Engine
from services.edge.codepipeline.engine.source_changes import Head, Sources
from services.edge.codepipeline.git.repositories import Repositories
from services.edge.codepipeline.store import Store
from services.edge.store.records import Records


class CodePipelineProvider(Provider):
    """Pipelines really run: sources in git and S3, S3 deployments, Lambda jobs, approvals.

    Made once the endpoint answers, for what goes on then calls it.
    """

    service = "codepipeline"
    apis = (Pipelines, Executions, ActionResults, ResourceTags)

    def __init__(self, records: Records, repositories: Repositories) -> None:
        store = Store(records)
        lambda_invoke = LambdaInvoke(store, role_client_of)
        git, objects = GitSource(repositories, role_client_of), S3Source(role_client_of)
        engine = Engine(
            store,
            {
                ("Source", "CodeStarSourceConnection"): git,
                ("Source", "S3"): objects,
                ("Deploy", "S3"): S3Deploy(role_client_of),
                ("Invoke", "Lambda"): lambda_invoke,
            },
        )
        heads: dict[str, Head] = {"CodeStarSourceConnection": git.head, "S3": objects.head}
        self._sources = Sources(store, engine, heads)
        self.event_starts = EventStarts(store, engine)
        super().__init__(
            Pipelines(
                store, engine, self._sources, lambda arn, p: is_assumable(client_of("iam", p), arn)
            ),
            Executions(store, engine),
            ActionResults(store, engine, lambda_invoke),
            ResourceTags(store, engine),
        )
        engine.resume()
        self._sources.look("CodeStarSourceConnection")
        self._sources.poll()

    def pushed(self, repository: str) -> None:
        """Start the pipelines whose branch has moved in the repository."""
        self._sources.look("CodeStarSourceConnection", repository)
