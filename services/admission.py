"""Which HTTP requests a port of the stack takes: those to its own names, from no page elsewhere.

Every port asks this one rule; docs/adr/0008-the-browser-is-outside.md says what it is against.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Of this machine, by which no name server can lead a browser elsewhere first, LocalStack's public
# name for the same, and those of the containers in docker-compose.yml.
EXACT = ("localhost", "127.0.0.1", "[::1]", "localhost.localstack.cloud")
CONTAINERS = ("edge", "spark", "dashboard", "calendly")
# Buckets and APIs are named in front of the host, as on AWS.
BELOW = (".localhost", ".localhost.localstack.cloud")

NAME = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*")
HOST = re.compile(rf"(?P<name>{NAME.pattern})\.?(:(?P<port>\d*))?")
ORIGIN = re.compile(rf"(?P<scheme>https?)://(?P<host>{HOST.pattern})")
PORTS = {"http": "80", "https": "443"}
# What a browser says of a request by its user or by the page itself: https://www.w3.org/TR/fetch-metadata/
OWN_SITES = ("none", "same-origin")
# And of one that a link elsewhere makes, whose answer is shown as a page of its own.
LINK = (("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"))
ASKED = ("host", "origin", "sec-fetch-site", *(name for name, _ in LINK))


@dataclass(frozen=True)
class Names:
    """The names that a request may be sent to; `below` are suffixes that begin with a dot."""

    exact: frozenset[str]
    below: tuple[str, ...]

    def include(self, name: str) -> bool:
        return name in self.exact or name.endswith(self.below)


def own_names(more: str = "") -> Names:
    """The stack's names and those of ALLOWED_HOSTS: `devbox,*.example.test`; raises ValueError."""
    exact, below = {*EXACT, *CONTAINERS}, list(BELOW)
    for word in more.lower().replace(",", " ").split():
        name = word.removeprefix("*.")
        if not NAME.fullmatch(name):
            raise ValueError(
                "ALLOWED_HOSTS must be names without ports, separated by commas, as"
                f" host.docker.internal or *.example.test; found {word!r}"
            )
        if name == word:
            exact.add(name)
        else:
            below.append(f".{name}")
    return Names(frozenset(exact), tuple(below))


def refusal(
    headers: Iterable[tuple[str, str]], names: Names, *, may_be_linked: bool = False
) -> str | None:
    """Why a request with these headers is refused, and what to do; None where it is taken.

    What may be linked is only read: a link on a page elsewhere may lead the user there.
    """
    sent: dict[str, list[str]] = {name: [] for name in ASKED}
    for name, value in headers:
        if name.lower() in sent:
            sent[name.lower()].append(value.strip().lower())
    if len(sent["host"]) != 1:
        return f"Expected one Host header, found {len(sent['host'])}"
    host = HOST.fullmatch(sent["host"][0])
    if host is None or not names.include(host["name"]):
        return (
            f"The host {sent['host'][0]!r} is none of this stack's names: use localhost,"
            " or add the name to ALLOWED_HOSTS in .env"
        )
    if any(not is_own(origin, host) for origin in sent["origin"]):
        return f"A page of {sent['origin'][0]!r} may not call {sent['host'][0]!r}"
    is_link = may_be_linked and all(sent[name] == [value] for name, value in LINK)
    if not is_link and any(site not in OWN_SITES for site in sent["sec-fetch-site"]):
        return "A page elsewhere may not call this address: type it into the browser"
    return None


def is_own(origin: str, host: re.Match[str]) -> bool:
    """Whether an Origin header is that of the pages at the host; `null` and file:// never are."""
    page = ORIGIN.fullmatch(origin)
    if page is None or page["name"] != host["name"]:
        return False
    default = PORTS[page["scheme"]]
    return (page["port"] or default) == (host["port"] or default)
