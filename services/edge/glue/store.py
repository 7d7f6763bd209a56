"""What Glue keeps in the edge's records: the kinds, their keys, and how a document is found."""

from __future__ import annotations

from typing import Any, cast

from services.edge.glue import errors
from services.edge.glue.documents.job_documents import JobRun
from services.edge.store.records import Scoped

Document = dict[str, Any]

JOB, JOB_RUN = "glue_job", "glue_run"
CRAWLER, CRAWL, LATEST_CRAWL = "glue_crawler", "glue_crawl", "glue_latest_crawl"
TRIGGER, WORKFLOW, CHAIN = "glue_trigger", "glue_workflow", "glue_chain"
DATABASE_TAGS = "glue_database"  # the databases themselves are in the catalog's own file
# The kind of record that an ARN's resource type names; its key is the resource's name.
TAGGED = {
    "crawler": CRAWLER,
    "database": DATABASE_TAGS,
    "job": JOB,
    "trigger": TRIGGER,
    "workflow": WORKFLOW,
}
KINDS = (*TAGGED.values(), JOB_RUN, CRAWL, LATEST_CRAWL, CHAIN)
NAMES = {
    JOB: "Job",
    CRAWLER: "Crawler with name",
    TRIGGER: "Trigger",
    WORKFLOW: "Workflow",
}


def key(owner: str | None, identifier: str) -> str:
    """Of a job's run, a crawler's crawl, a workflow's run.

    All of an owner are listed by the prefix `key(owner, "")`; a name holds no control character.
    """
    return f"{owner or ''}\n{identifier}"


def require(records: Scoped, kind: str, name: str) -> Document:
    """The document; raises EntityNotFoundException."""
    document = records.get(kind, name)
    if document is None:
        raise errors.not_found(f"{NAMES[kind]} {name}")
    return document


def job_runs(records: Scoped, job: str) -> list[JobRun]:
    """The oldest first."""
    return cast(list[JobRun], records.list(JOB_RUN, key(job, "")))


def triggers_of(records: Scoped, workflow: str | None) -> list[Document]:
    """Those of a workflow, or those of none."""
    triggers = records.list(TRIGGER)
    return [trigger for trigger in triggers if trigger.get("WorkflowName") == workflow]
