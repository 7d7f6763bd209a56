"""The keys of CodePipeline's records: a pipeline's ARN, which earlier versions left out."""

from __future__ import annotations

from services.edge.store.records import Records

PIPELINE, VERSION = "codepipeline", "codepipeline_version"
EXECUTION, JOB = "codepipeline_execution", "codepipeline_job"


def key_of(pipeline: str, rest: str) -> str:
    """A pipeline's documents are listed by the prefix `key_of(arn, "")`."""
    return f"{pipeline}\n{rest}"


def replace(records: Records) -> None:
    """Give records that are kept by a pipeline's name alone its ARN.

    The pipeline itself comes last, so that a start that ends in between is made up for.
    """
    for pipeline in records.list(PIPELINE):
        name, arn = pipeline["declaration"]["name"], pipeline["arn"]
        if records.get(PIPELINE, name) is None:
            continue
        for declaration in records.list(VERSION, key_of(name, "")):
            records.put(VERSION, key_of(arn, str(declaration["version"])), declaration)
            records.delete(VERSION, key_of(name, str(declaration["version"])))
        for execution in records.list(EXECUTION, key_of(name, "")):
            overrides = {a: {"COMMIT_ID": commit} for a, commit in execution["overrides"].items()}
            moved = {**execution, "arn": arn, "overrides": overrides}
            records.put(EXECUTION, key_of(arn, execution["id"]), moved)
            records.delete(EXECUTION, key_of(name, execution["id"]))
        for job in records.list(JOB):
            if job.get("pipeline") == name:
                records.put(JOB, job["id"], {**job, "arn": arn})
        records.put(PIPELINE, arn, pipeline)
        records.delete(PIPELINE, name)
