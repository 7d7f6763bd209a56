"""How CodePipeline pages."""

from __future__ import annotations

from services.edge.aws.pages import Paging
from services.edge.codepipeline import errors

PAGING = Paging("maxResults", "nextToken", errors.validation, errors.next_token)
