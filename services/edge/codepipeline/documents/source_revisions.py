"""The source revisions that a request asks for, checked against the pipeline's source actions."""

from __future__ import annotations

from typing import Any

from services.edge.codepipeline import errors
from services.edge.codepipeline.documents import declarations

# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_SourceRevisionOverride.html
TYPES = {
    "CodeStarSourceConnection": ("COMMIT_ID",),
    "S3": ("S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"),
}


def check(declaration: declarations.Declaration, request: dict[str, Any]) -> None:
    """Raises ValidationException for a revision that no source action could take."""
    sources = {
        action["name"]: action
        for _, action in declarations.actions(declaration)
        if action["actionTypeId"]["category"] == "Source"
    }
    for entry in request.get("sourceRevisions") or []:
        name, kind = entry["actionName"], entry["revisionType"]
        if name not in sources:
            raise errors.validation(f"The pipeline has no source action {name}")
        taken = TYPES[sources[name]["actionTypeId"]["provider"]]
        if kind not in taken:
            raise errors.validation(
                f"Source action {name} takes a revision of type {' or '.join(taken)}, found {kind}"
            )
        configuration = sources[name]["configuration"]
        if kind == "S3_OBJECT_KEY" and configuration.get("AllowOverrideForS3ObjectKey") != "true":
            raise errors.validation(
                f"Source action {name} takes no S3_OBJECT_KEY unless its configuration has"
                " AllowOverrideForS3ObjectKey true"
            )
