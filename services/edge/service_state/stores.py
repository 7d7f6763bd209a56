"""Where LocalStack and moto keep a service's state: taken out as plain data, put back in place."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

Plain = dict[str, Any]


@dataclass(frozen=True)
class SavedService:
    """The dotted names of a service's stores: LocalStack's bundles and moto's backends."""

    stores: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()
    # Of this package: what the service needs beside its state, by `make_storable`, `after_load`,
    # `load`, `goes_on` and `take_back` where it has them.
    module: str = ""
    # It changes by itself: a stack that is made, an execution. Reading tells it, so it is saved.
    goes_on: bool = False
    # No thread of the service holds what is in its stores.
    is_plain: bool = False

    def taken(self) -> Plain:
        """All of it in one value, so that what is shared between the parts stays shared."""
        return {
            **{name: _taken_store(_found(name)) for name in self.stores},
            **{name: _taken_backends(_found(name)) for name in self.backends},
        }

    def clear(self) -> None:
        for name in self.stores:
            _found(name).reset()
        for name in self.backends:
            for regions in list(_found(name).values()):
                regions.clear()

    def put_back(self, plain: Plain) -> None:
        """In place of all there is."""
        self.clear()
        for name in self.stores:
            _put_back_store(_found(name), plain[name])
        for name in self.backends:
            for account, regions in plain[name].items():
                for region, backend in regions.items():
                    dict.__setitem__(_found(name)[account], region, backend)


SERVICES = {
    "apigateway": SavedService(
        stores=("localstack.services.apigateway.models:apigateway_stores",),
        backends=("moto.apigateway.models:apigateway_backends",),
        is_plain=True,
    ),
    "cloudformation": SavedService(
        stores=("localstack.services.cloudformation.stores:cloudformation_stores",),
        module="cloudformation",
        goes_on=True,
    ),
    "cloudwatch": SavedService(
        stores=("localstack.services.cloudwatch.models:cloudwatch_stores",), is_plain=True
    ),
    "events": SavedService(
        stores=("localstack.services.events.models:events_stores",),
        module="events",
        is_plain=True,
    ),
    "iam": SavedService(backends=("moto.iam.models:iam_backends",), module="iam", is_plain=True),
    "kms": SavedService(stores=("localstack.services.kms.models:kms_stores",), is_plain=True),
    "lambda": SavedService(
        stores=("localstack.services.lambda_.invocation.models:lambda_stores",),
        module="lambda_functions",
    ),
    "logs": SavedService(
        stores=("localstack.services.logs.models:logs_stores",),
        backends=("moto.logs.models:logs_backends",),
        module="logs",
        is_plain=True,
    ),
    "secretsmanager": SavedService(
        backends=("moto.secretsmanager.models:secretsmanager_backends",), is_plain=True
    ),
    "sns": SavedService(
        stores=("localstack.services.sns.models:sns_stores",),
        backends=("moto.sns.models:sns_backends",),
        is_plain=True,
    ),
    "sqs": SavedService(stores=("localstack.services.sqs.models:sqs_stores",), module="queues"),
    "ssm": SavedService(
        backends=("moto.ssm.models:ssm_backends",), module="ssm_parameters", is_plain=True
    ),
    "stepfunctions": SavedService(
        stores=("localstack.services.stepfunctions.backend.store:sfn_stores",),
        module="stepfunctions",
        goes_on=True,
    ),
}


def regional_stores(bundle: Any) -> list[Any]:
    """The stores of every account and region that a bundle of LocalStack's has."""
    return [store for regions in bundle.values() for store in regions.values()]


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
