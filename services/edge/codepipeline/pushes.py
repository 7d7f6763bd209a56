"""What a push sets off: executions of the pipelines whose source is the branch that moved."""

from __future__ import annotations

import json
import logging

from services.edge.codepipeline import structure
from services.edge.codepipeline.engine import Engine
from services.edge.codepipeline.errors import PipelineError
from services.edge.codepipeline.repositories import Repositories
from services.edge.codepipeline.store import Pipeline, Store

LOG = logging.getLogger(__name__)


class Pushes:
    """The commit that was seen last is stored, so that a push is noticed after a restart too."""

    def __init__(self, store: Store, engine: Engine, repositories: Repositories) -> None:
        self._store = store
        self._engine = engine
        self._repositories = repositories

    def look(self, repository: str | None = None) -> None:
        """Start what has to start, of one repository or, without a name, of all."""
        with self._engine.lock:
            for pipeline in self._store.pipelines():
                self._look(pipeline, repository)

    def heads(self, declaration: structure.Declaration) -> dict[str, str | None]:
        """The commit at which each source action's branch stands, by action."""
        return {
            action["name"]: self._head(action["configuration"])
            for _, action in structure.actions(declaration)
            if action["actionTypeId"]["category"] == "Source"
        }

    def _look(self, pipeline: Pipeline, repository: str | None) -> None:
        seen = dict(pipeline["heads"])
        moved = {}
        for _, action in structure.actions(pipeline["declaration"]):
            configuration = action["configuration"]
            name = configuration.get("FullRepositoryId")
            if name is None or repository not in (None, name):
                continue
            head = self._head(configuration)
            if head is not None and head != seen.get(action["name"]):
                seen[action["name"]] = head
                if configuration.get("DetectChanges", "true") == "true":
                    moved = {"FullRepositoryId": name, "CommitId": head}
        if moved:
            self._start(pipeline, moved)
        # Only now: a push must not be lost where the stack ends in between.
        if seen != pipeline["heads"]:
            self._store.put_pipeline({**pipeline, "heads": seen})

    def _start(self, pipeline: Pipeline, moved: dict[str, str]) -> None:
        name = pipeline["declaration"]["name"]
        trigger = {"triggerType": "WebhookV2", "triggerDetail": json.dumps(moved)}
        try:
            started = self._engine.start(pipeline, trigger)
        except PipelineError as error:
            # The push itself has succeeded: its author cannot mend what the pipeline refuses.
            LOG.error("%s moved, but %s does not start: %s", moved, name, error.message)
        else:
            LOG.info("%s moved: execution %s of %s", moved, started, name)

    def _head(self, configuration: dict[str, str]) -> str | None:
        return self._repositories.head(
            configuration["FullRepositoryId"], configuration["BranchName"]
        )
