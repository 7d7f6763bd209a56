"""Settings of the Calendly simulator, read from the environment once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from services.admission import Names, own_names

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Settings:
    """Where it listens and keeps its data; `deliver_to` names the hosts beyond loopback."""

    host: str
    port: int
    data_dir: Path
    token: str
    deliver_to: frozenset[str]
    names: Names

    @classmethod
    def from_env(cls) -> Settings:
        lake = Path(os.environ.get("LAKE_DIR", ".lake")).absolute()
        return cls(
            host=os.environ.get("CALENDLY_HOST", "127.0.0.1"),
            port=int(os.environ.get("CALENDLY_PORT", "8025")),
            data_dir=lake / "calendly",
            token=os.environ.get("CALENDLY_TOKEN", "local-calendly-token"),
            deliver_to=hosts(os.environ.get("CALENDLY_DELIVER_TO", "")),
            names=own_names(os.environ.get("ALLOWED_HOSTS", "")),
        )


def hosts(text: str) -> frozenset[str]:
    return frozenset(text.lower().replace(",", " ").split())


def refused_url(url: str, deliver_to: frozenset[str]) -> str | None:
    """Why nothing is delivered to the URL, None where it may be.

    Names are taken as they stand: no name server is asked, so none can lead a delivery elsewhere.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port
    except ValueError as error:
        return f"must be a valid URL: {error}"
    if parts.scheme not in ("http", "https") or not host:
        return "must be a valid URL, beginning with http:// or https://"
    if host in LOOPBACK or host in deliver_to:
        return None
    return (
        f"must be on this machine ({', '.join(LOOPBACK)}): the simulator delivers to {host!r} only"
        " where CALENDLY_DELIVER_TO in .env names it"
    )
