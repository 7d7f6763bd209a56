"""What a changed source sets off: executions of the pipelines whose source action reads it."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from services.edge.codepipeline.documents import declarations
from services.edge.codepipeline.engine.executions import Engine
from services.edge.codepipeline.errors import PipelineError
from services.edge.codepipeline.store import Pipeline, Store

LOG = logging.getLogger(__name__)
POLL_SECONDS = 3.0  # AWS looks about once a minute
# Of each provider: whether its changes start executions where this is left out or "true".
DETECTION = {"CodeStarSourceConnection": "DetectChanges", "S3": "PollForSourceChanges"}
Head = Callable[[dict[str, str], Pipeline], str | None]
Heads = dict[str, str | None]


class Sources:
    """The revision that was seen last is stored, so that a restart misses and repeats none.

    `heads` has, by provider, what tells the present revision of a source's configuration.
    """

    def __init__(self, store: Store, engine: Engine, heads: dict[str, Head]) -> None:
        self._store = store
        self._engine = engine
        self._heads = heads

    def heads(self, pipeline: Pipeline, before: Pipeline | None = None) -> Heads:
        """The revision of each source action; of one unchanged since `before`, the one seen."""
        known = _watched(before) if before else {}
        found: Heads = {}
        for name, action in _watched(pipeline).items():
            is_same = name in known and known[name]["configuration"] == action["configuration"]
            if before and is_same and name in before["heads"]:
                found[name] = before["heads"][name]
            else:
                found[name] = self._head(action, pipeline)
        return found

    def poll(self) -> None:
        """Look at the objects of S3 from now on."""
        threading.Thread(target=self._poll, name="codepipeline-s3", daemon=True).start()

    def look(self, provider: str, repository: str | None = None) -> None:
        """Start what has to start; of git only one repository's, where it is named."""
        for pipeline in self._store.pipelines():
            found = {
                name: self._head(action, pipeline)
                for name, action in _watched(pipeline).items()
                if action["actionTypeId"]["provider"] == provider
                and repository in (None, action["configuration"].get("FullRepositoryId"))
            }
            if any(head not in (None, pipeline["heads"].get(name)) for name, head in found.items()):
                with self._engine.lock:
                    self._note(pipeline, found)

    def _poll(self) -> None:
        while True:
            try:
                self.look("S3")
            except Exception:  # whatever one look meets, the next one comes
                LOG.exception("The sources in S3 were not looked at")
            time.sleep(POLL_SECONDS)

    def _note(self, seen_of: Pipeline, found: Heads) -> None:
        """Under the lock, and only where the pipeline is still as it was looked at."""
        pipeline = self._store.pipeline(seen_of["arn"])
        if pipeline is None or pipeline["declaration"] != seen_of["declaration"]:
            return
        actions, seen = _watched(pipeline), dict(pipeline["heads"])
        moved: dict[str, Any] | None = None
        for name, head in found.items():
            if head is not None and head != seen.get(name):
                seen[name], moved = head, actions[name]
        if moved is not None:
            self._start(pipeline, moved, str(seen[moved["name"]]))
            # Only now: a change must not be lost where the stack ends in between.
            self._store.put_pipeline({**pipeline, "heads": seen})

    def _start(self, pipeline: Pipeline, action: dict[str, Any], head: str) -> None:
        name, trigger = pipeline["declaration"]["name"], _trigger(action, head)
        # Versions of an object do not come again; commits do, where a branch is set back.
        token = f"{action['name']}/{head}" if action["actionTypeId"]["provider"] == "S3" else None
        if self._store.execution_of_token(pipeline["arn"], token):
            return
        try:
            started = self._engine.start(pipeline, trigger, {"clientRequestToken": token})
        except PipelineError as error:
            # The change itself has succeeded: its author cannot mend what the pipeline refuses.
            LOG.error("%s moved, but %s does not start: %s", trigger, name, error.message)
        else:
            LOG.info("%s moved: execution %s of %s", trigger, started, name)

    def _head(self, action: dict[str, Any], pipeline: Pipeline) -> str | None:
        return self._heads[action["actionTypeId"]["provider"]](action["configuration"], pipeline)


def _watched(pipeline: Pipeline) -> dict[str, dict[str, Any]]:
    """The source actions whose changes start executions, by name."""
    return {
        action["name"]: action
        for _, action in declarations.actions(pipeline["declaration"])
        if action["actionTypeId"]["category"] == "Source"
        and action["configuration"].get(DETECTION[action["actionTypeId"]["provider"]]) != "false"
    }


def _trigger(action: dict[str, Any], head: str) -> dict[str, str]:
    if action["actionTypeId"]["provider"] == "S3":
        return {"triggerType": "PollForSourceChanges", "triggerDetail": action["name"]}
    moved = {"FullRepositoryId": action["configuration"]["FullRepositoryId"], "CommitId": head}
    return {"triggerType": "WebhookV2", "triggerDetail": json.dumps(moved)}
