"""How deltalake reaches the pipeline's tables."""

from __future__ import annotations


def storage_options(endpoint_url: str | None, region: str) -> dict[str, str]:
    """What deltalake needs at a local endpoint; on AWS (None) it finds the credentials itself."""
    if endpoint_url is None:
        return {"AWS_REGION": region}
    return {
        "AWS_REGION": region,
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
