"""CodePipeline: its operations over the edge's records, and the actions that really run."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from localstack.aws.connect import connect_to

from services.edge.codepipeline import roles
from services.edge.codepipeline.engine import Engine
from services.edge.codepipeline.event_starts import EventStarts
from services.edge.codepipeline.executions_api import ExecutionsApi
from services.edge.codepipeline.git_source import GitSource
from services.edge.codepipeline.lambda_invoke import LambdaInvoke
from services.edge.codepipeline.pipelines_api import PipelinesApi
from services.edge.codepipeline.repositories import Repositories
from services.edge.codepipeline.results_api import ResultsApi
from services.edge.codepipeline.s3_deploy import S3Deploy
from services.edge.codepipeline.s3_source import S3Source
from services.edge.codepipeline.sources import Head, Sources
from services.edge.codepipeline.store import Pipeline, Store
from services.edge.codepipeline.tags_api import TagsApi
from services.edge.store.records import Records

# A function may run for fifteen minutes, and must be called once.
PATIENT = Config(read_timeout=910, retries={"total_max_attempts": 1})


class CodePipelineProvider(PipelinesApi, ExecutionsApi, ResultsApi, TagsApi):
    """Pipelines really run: sources in git and S3, S3 deployments, Lambda jobs, approvals.

    Made once the endpoint answers, for what goes on then calls it.
    """

    service = "codepipeline"

    def __init__(self, records: Records, repositories: Repositories) -> None:
        self._store = Store(records)
        self._lambda = LambdaInvoke(self._store, client)
        git, objects = GitSource(repositories, client), S3Source(client)
        self._engine = Engine(
            self._store,
            {
                ("Source", "CodeStarSourceConnection"): git,
                ("Source", "S3"): objects,
                ("Deploy", "S3"): S3Deploy(client),
                ("Invoke", "Lambda"): self._lambda,
            },
        )
        heads: dict[str, Head] = {"CodeStarSourceConnection": git.head, "S3": objects.head}
        self._sources = Sources(self._store, self._engine, heads)
        self._is_assumable = lambda arn, place: roles.is_assumable(client("iam", place), arn)
        self.event_starts = EventStarts(self._store, self._engine)

        self._engine.resume()
        self._sources.look("CodeStarSourceConnection")
        self._sources.poll()

    def pushed(self, repository: str) -> None:
        """Start the pipelines whose branch has moved in the repository."""
        self._sources.look("CodeStarSourceConnection", repository)


def client(service: str, pipeline: Pipeline) -> Any:
    """A client of the edge itself, in the pipeline's account and region."""
    place = {"region_name": pipeline["region"], "aws_access_key_id": pipeline["account"]}
    return getattr(connect_to(**place, config=PATIENT), service.replace("lambda", "lambda_"))
