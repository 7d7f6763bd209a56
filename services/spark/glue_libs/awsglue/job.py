"""Job: marks a script's begin and end; there are no bookmarks here to keep."""

from __future__ import annotations

from .context import GlueContext


class Job:
    def __init__(self, glue_context: GlueContext) -> None:
        self.glue_context = glue_context
        self.isInitialized = False

    def init(self, job_name: str, args: dict[str, str] | None = None) -> None:
        self.job_name, self.arguments = job_name, dict(args or {})
        self.isInitialized = True

    def commit(self) -> None:
        if not self.isInitialized:
            raise RuntimeError("expected Job.init before Job.commit")
