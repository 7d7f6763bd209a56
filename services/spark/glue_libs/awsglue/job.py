"""Job: marks a script's begin and end; there are no bookmarks here to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .context import GlueContext
from .refusals import refused


class Job:
    def __init__(self, glue_context: GlueContext) -> None:
        self.glue_context = glue_context
        self.isInitialized = False

    def init(self, job_name: str, args: Mapping[str, Any] | None = None) -> None:
        self.job_name, self.arguments = job_name, dict(args or {})
        bookmark = self.arguments.get("job_bookmark_option")
        if bookmark not in (None, "job-bookmark-disable"):
            raise refused(
                f"A job bookmark (--job-bookmark-option {bookmark})",
                "every run reads its whole input; give job-bookmark-disable",
            )
        self.isInitialized = True

    def commit(self) -> None:
        if not self.isInitialized:
            raise RuntimeError("expected Job.init before Job.commit")

    def __getattr__(self, name: str) -> Any:
        raise refused(f"Job.{name}", "there are no bookmarks")
