"""Which calls this stack serves: this project's handlers, and an allow list of LocalStack's."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal

from botocore.session import Session

Status = Literal["real", "emulated", "refused"]
ROOT = Path(__file__).resolve().parents[3]
LOCALSTACK = Path(__file__).with_name("localstack.toml")
PROVIDERS, OWN_PLUGINS = "localstack.aws.provider", "services.edge."


@dataclass(frozen=True)
class Call:
    """One operation of an AWS service; `difference` is from AWS, empty where none is known."""

    name: str
    status: Status
    difference: str = ""


@dataclass(frozen=True)
class Served:
    """A service with the calls of it that are not refused."""

    name: str
    about: str
    calls: dict[str, Call] = field(default_factory=dict)
    # Members of a request that are refused where they are given: "CreateKey.MultiRegion".
    members: dict[str, str] = field(default_factory=dict)

    def all_calls(self) -> list[Call]:
        """Every operation of botocore's model and of this service, refused ones too."""
        known = Session().get_service_model(self.name).operation_names
        names = sorted({*known, *self.calls})
        return [self.calls.get(name) or Call(name, "refused") for name in names]


@cache
def of_localstack() -> dict[str, Served]:
    described = tomllib.loads(LOCALSTACK.read_text())
    return {name: listed(name, entry) for name, entry in described.items()}


@cache
def own_services() -> list[str]:
    """The services whose providers are entirely this project's, by its entry points."""
    providers = entry_points(group=PROVIDERS)
    own = {p.name.partition(":")[0] for p in providers if p.value.startswith(OWN_PLUGINS)}
    return sorted(own - of_localstack().keys())


def of_project(service: str) -> Served:
    """Read from its module `provider`, where a class names the service."""
    module = import_module(f"services.edge.{service.replace('-', '_')}.provider")
    provider = next(
        one
        for one in vars(module).values()
        if isinstance(one, type) and getattr(one, "service", None) == service
    )
    return read_from(provider)


def read_from(provider: Any) -> Served:
    """A handler of this project does the work; its decorator says how it differs from AWS."""
    members = [
        getattr(api, name) for api in getattr(provider, "apis", (provider,)) for name in dir(api)
    ]
    calls = [_handled(member) for member in members if hasattr(member, "operation")]
    return Served(provider.service, first_line(provider), {call.name: call for call in calls})


def everything() -> list[Served]:
    own = [of_project(service) for service in own_services()]
    return [*own, *of_localstack().values()]


def first_line(documented: Any) -> str:
    return (documented.__doc__ or "").strip().partition("\n")[0]


def listed(service: str, entry: dict[str, Any]) -> Served:
    differences, members = entry.get("differences", {}), entry.get("refused_members", {})
    statuses: tuple[Status, ...] = ("real", "emulated")
    calls = {
        name: Call(name, status, _told(name, differences.get(name, ""), members))
        for status in statuses
        for name in entry.get(status, "").split()
    }
    described = differences.keys() | {member.partition(".")[0] for member in members}
    if unknown := described - calls.keys():
        raise ValueError(f"{LOCALSTACK.name}: {service} tells of calls not listed: {unknown}")
    return Served(service, entry["about"], calls, members)


def _told(call: str, difference: str, members: dict[str, str]) -> str:
    """The difference and, by name, what is refused of the call."""
    of_call = [(name.partition("."), why) for name, why in members.items()]
    refused = [f"{name} is refused: {why}" for (of, _, name), why in of_call if of == call]
    return " ".join([*([difference] if difference else []), *refused])


def _handled(handler: Any) -> Call:
    return Call(handler.operation, "real", handler.differs)
