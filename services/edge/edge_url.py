"""Where code inside the edge reaches the edge itself."""

from __future__ import annotations

from localstack import config


def edge_url() -> str:
    return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}"
