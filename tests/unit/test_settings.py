"""`.env.example` tells the defaults: a copy of it changes nothing."""

from __future__ import annotations

import re

from lake.settings import ROOT

EXAMPLE = dict(
    re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
)


def test_compose_has_the_defaults_of_the_example() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    used = dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", compose))

    assert used.keys() <= EXAMPLE.keys()
    for name in used:
        assert (name, used[name]) == (name, EXAMPLE[name])


def test_the_services_have_the_defaults_of_the_example() -> None:
    read = re.compile(r'environ\.get\(\s*"([A-Z_]+)",\s*"([^"]*)"\s*\)')
    folders = ("services", "dashboard")
    sources = [path for name in folders for path in (ROOT / name).rglob("settings.py")]
    found = dict(pair for path in sources for pair in read.findall(path.read_text()))

    assert {"SPARK_WARM_DRIVERS", "ATHENA_QUERIES_AT_ONCE"} <= found.keys()
    for name in found.keys() & EXAMPLE.keys():
        assert (name, found[name]) == (name, EXAMPLE[name])
