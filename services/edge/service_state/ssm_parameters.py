"""Parameter Store on disk: moto's dictionary of parameters is not made as a pickle makes it."""

from __future__ import annotations

from typing import Any

from localstack.state import pickle
from moto.ssm.models import ParameterDict

PUBLIC = "/aws/service/"  # moto has these in its code, and loads them when they are asked for


def make_storable(_connection: Any) -> None:
    pickle.add_dispatch_entry(ParameterDict, _reduce)


def _reduce(pickler: Any, parameters: Any) -> None:
    own = {name: versions for name, versions in parameters.items() if not _is_public(name)}
    place = (parameters.account_id, parameters.region_name)
    pickler.save_reduce(_restored, (*place, own), obj=parameters)


def _restored(account: str, region: str, own: dict[str, Any]) -> Any:
    parameters = ParameterDict(account, region)
    parameters.update(own)
    return parameters


def _is_public(name: str) -> bool:
    return name.startswith(PUBLIC)
