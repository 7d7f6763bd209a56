"""Where LocalStack and moto keep a service's state: taken out as plain data, put back in place."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

Plain = dict[str, Any]


@dataclass(frozen=True)
class Parts:
    """The dotted names of a service's stores: LocalStack's bundles and moto's backends."""

    stores: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()

    def taken(self) -> Plain:
        """All of it in one value, so that what is shared between the parts stays shared."""
        return {
            **{name: _taken_store(_found(name)) for name in self.stores},
            **{name: _taken_backends(_found(name)) for name in self.backends},
        }

    def put_back(self, plain: Plain) -> None:
        for name in self.stores:
            _put_back_store(_found(name), plain[name])
        for name in self.backends:
            for account, regions in plain[name].items():
                for region, backend in regions.items():
                    dict.__setitem__(_found(name)[account], region, backend)


SERVICES = {
    "apigateway": Parts(
        stores=("localstack.services.apigateway.models:apigateway_stores",),
        backends=("moto.apigateway.models:apigateway_backends",),
    ),
    "cloudformation": Parts(
        stores=("localstack.services.cloudformation.stores:cloudformation_stores",)
    ),
    "events": Parts(stores=("localstack.services.events.models:events_stores",)),
    "iam": Parts(backends=("moto.iam.models:iam_backends",)),
    "lambda": Parts(stores=("localstack.services.lambda_.invocation.models:lambda_stores",)),
    "logs": Parts(
        stores=("localstack.services.logs.models:logs_stores",),
        backends=("moto.logs.models:logs_backends",),
    ),
    "stepfunctions": Parts(stores=("localstack.services.stepfunctions.backend.store:sfn_stores",)),
}


def _found(dotted: str) -> Any:
    module, _, name = dotted.partition(":")
    return getattr(import_module(module), name)


def _taken_store(bundle: Any) -> Plain:
    """Of every account and region what differs from the defaults; lists of names stay out."""
    accounts = {
        account: {
            "global": regions._global,
            "regions": {region: _attributes(store) for region, store in regions.items()},
        }
        for account, regions in bundle.items()
    }
    return {"universal": bundle._universal, "accounts": accounts}


def _put_back_store(bundle: Any, plain: Plain) -> None:
    bundle._universal.update(plain["universal"])
    for account, found in plain["accounts"].items():
        bundle[account]._global.update(found["global"])
        for region, attributes in found["regions"].items():
            vars(bundle[account][region]).update(attributes)


def _attributes(store: Any) -> Plain:
    own = ("_global", "_universal", "_service_name", "_account_id", "_region_name")
    return {name: value for name, value in vars(store).items() if name not in own}


def _taken_backends(backends: Any) -> Plain:
    return {account: dict(regions) for account, regions in backends.items()}
