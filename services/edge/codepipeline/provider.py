"""CodePipeline: its operations over the edge's records, and the actions that really run."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to

from services.edge.codepipeline.engine import Engine
from services.edge.codepipeline.executions_api import ExecutionsApi
from services.edge.codepipeline.lambda_invoke import LambdaInvoke
from services.edge.codepipeline.pipelines_api import PipelinesApi
from services.edge.codepipeline.pushes import Pushes
from services.edge.codepipeline.repositories import Repositories
from services.edge.codepipeline.results_api import ResultsApi
from services.edge.codepipeline.s3_deploy import S3Deploy
from services.edge.codepipeline.source import Source
from services.edge.codepipeline.store import Pipeline, Store
from services.edge.codepipeline.tags_api import TagsApi
from services.edge.store.records import Records

# A function may run for fifteen minutes, and must be called once.
PATIENT = Config(read_timeout=910, retries={"total_max_attempts": 1})


class CodePipelineProvider(PipelinesApi, ExecutionsApi, ResultsApi, TagsApi):
    """Pipelines really run: git sources, S3 deployments, Lambda jobs, approvals; no other actions.

    Made once the endpoint answers, for what goes on then calls it.
    """

    service = "codepipeline"

    def __init__(self, records: Records, repositories: Repositories) -> None:
        self._store = Store(records)
        self._lambda = LambdaInvoke(self._store, client)
        self._engine = Engine(
            self._store,
            {
                "CodeStarSourceConnection": Source(repositories, client),
                "S3": S3Deploy(client),
                "Lambda": self._lambda,
            },
        )
        self._pushes = Pushes(self._store, self._engine, repositories)
        self._role_exists = role_exists

        self._engine.resume()
        self._pushes.look()

    def pushed(self, repository: str) -> None:
        """Start the pipelines whose branch has moved in the repository."""
        self._pushes.look(repository)


def client(service: str, pipeline: Pipeline) -> Any:
    """A client of the edge itself, in the pipeline's account and region."""
    place = {"region_name": pipeline["region"], "aws_access_key_id": pipeline["account"]}
    return getattr(connect_to(**place, config=PATIENT), service.replace("lambda", "lambda_"))


def role_exists(arn: str, pipeline: Pipeline) -> bool:
    try:
        client("iam", pipeline).get_role(RoleName=arn.rpartition("/")[2])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return False
        raise
    return True
