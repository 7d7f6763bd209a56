"""The action Source/CodeStarSourceConnection: a commit of a branch becomes a zip."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from services.edge.codepipeline.documents.action_runs import Outcome, Run
from services.edge.codepipeline.documents.executions import Execution
from services.edge.codepipeline.engine.actions import artifacts
from services.edge.codepipeline.engine.clients import worker_of
from services.edge.codepipeline.errors import ActionError
from services.edge.codepipeline.git.repositories import NoRepositoryError, Repositories, Revision
from services.edge.codepipeline.store import Pipeline
from services.edge.permissions.actions.needs import Need

PROVIDER_TYPE = "Git"  # where AWS says GitHub, Bitbucket, ...
LONGEST_SUMMARY = 2048


class GitSource:
    def __init__(self, repositories: Repositories, client: Callable[[str, Pipeline], Any]) -> None:
        self._repositories = repositories
        self._client = client

    def head(self, configuration: dict[str, str], _: Pipeline) -> str | None:
        """The commit at which the branch stands."""
        name, branch = configuration["FullRepositoryId"], configuration["BranchName"]
        return self._repositories.head(name, branch)

    def __call__(self, pipeline: Pipeline, execution: Execution, run: Run) -> Outcome:
        _check_connection(run["configuration"]["ConnectionArn"], pipeline)
        asked = execution["overrides"].get(run["name"], {})
        found = self._revision(run["configuration"], asked.get("COMMIT_ID"))
        files = self._repositories.files(run["configuration"]["FullRepositoryId"], found.commit)
        name = run["action"]["outputArtifacts"][0]["name"]
        bucket = execution["declaration"]["artifactStore"]["location"]
        place = artifacts.place(bucket, execution["pipeline"], name)
        artifacts.written(self._client("s3", pipeline), place, artifacts.zipped(files))
        summary = _summary(found)
        return Outcome(
            summary=summary,
            external_id=found.commit,
            variables=_variables(found, run["configuration"]),
            artifacts={name: place},
            revision={
                "name": name,
                "revisionId": found.commit,
                "revisionSummary": summary,
                "created": found.date,
            },
        )

    def _revision(self, configuration: dict[str, str], commit: str | None) -> Revision:
        name, branch = configuration["FullRepositoryId"], configuration["BranchName"]
        commit = commit or self._repositories.head(name, branch)
        if commit is None:
            raise ActionError(
                "ConfigurationError",
                f"[{PROVIDER_TYPE}] No Branch [{branch}] found for FullRepositoryName [{name}]",
            )
        try:
            return self._repositories.revision(name, commit)
        except NoRepositoryError as error:
            raise ActionError(
                "RevisionUnavailable",
                f"[{PROVIDER_TYPE}] {error} in FullRepositoryName [{name}]",
            ) from error


def _check_connection(arn: str, pipeline: Pipeline) -> None:
    service = arn.split(":")[2]
    if not worker_of(pipeline).allows(Need(f"{service}:UseConnection", arn)):
        raise ActionError(
            "PermissionError",
            f"Unable to use Connection: {arn}. The provided role does not have sufficient"
            " permissions.",
        )


def _summary(found: Revision) -> str:
    """As AWS writes it: the provider and the commit's message as JSON."""
    message = found.message[:LONGEST_SUMMARY]
    text = json.dumps({"ProviderType": PROVIDER_TYPE, "CommitMessage": message})
    while len(text) > LONGEST_SUMMARY:
        message = message[: len(message) // 2]
        text = json.dumps({"ProviderType": PROVIDER_TYPE, "CommitMessage": message})
    return text


def _variables(found: Revision, configuration: dict[str, str]) -> dict[str, str]:
    return {
        "AuthorDate": datetime.fromtimestamp(found.date, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "AuthorDisplayName": found.author,
        "AuthorEmail": found.email,
        "BranchName": configuration["BranchName"],
        "CommitId": found.commit,
        "CommitMessage": found.message,
        "ConnectionArn": configuration["ConnectionArn"],
        "FullRepositoryName": configuration["FullRepositoryId"],
        "ProviderType": PROVIDER_TYPE,
    }
