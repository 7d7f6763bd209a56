"""How Glue pages."""

from __future__ import annotations

from services.edge.aws.pages import Paging
from services.edge.glue.errors import invalid_input

PAGE = 1000
PAGING = Paging("MaxResults", "NextToken", invalid_input, invalid_input)
