"""Names of services and actions in a Task's Resource, as AWS spells them, from botocore's models.

AWS writes `aws-sdk:` services as the packages of its SDK for Java: the service's id in small
letters without blanks (`emrserverless`, `cloudwatchlogs`, `sfn`), actions begin with a small one.
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

import botocore
import botocore.session
from botocore.model import ServiceModel

SDK = re.compile(r"arn:aws[\w-]*:states:[\w-]*:\d*:aws-sdk:([^:]+):([^.:]+)(\.waitForTaskToken)?")
ANY_SDK = re.compile(r"arn:aws[\w-]*:states:[\w-]*:\d*:aws-sdk:")
SERVICE_ID = re.compile(r'"serviceId"\s*:\s*"([^"]+)"')
DATA = Path(botocore.__file__).parent / "data"
ACRONYM = re.compile(r"[A-Z]+(?![a-z])|[A-Z](?=[A-Z])")
# Ids that Java's packages shorten otherwise.
BY_NAME = {"cloudwatchevents": "events", "eventbridge": "events"}


def known(resource: str) -> bool:
    """False of an `aws-sdk:` service, action or pattern that there is none of."""
    if not ANY_SDK.match(resource):
        return True
    found = SDK.fullmatch(resource)
    api = service(found[1]) if found else None
    return bool(found and api and operation(api, found[2]))


@cache
def service(name: str) -> ServiceModel | None:
    found = _names().get(name)
    return model(found) if found else None


@cache
def model(boto_name: str) -> ServiceModel:
    loader = botocore.session.get_session().get_component("data_loader")
    return ServiceModel(loader.load_service_model(boto_name, "service-2"))


def operation(api: ServiceModel, action: str) -> str | None:
    """The operation's name in the API, `StartJobRun` of `startJobRun`."""
    return next((name for name in api.operation_names if _small(name) == action), None)


def boto_name(name: str) -> str:
    return _names()[name]


def error_prefix(name: str) -> str:
    """`EmrServerless` of `emrserverless`: how errors of the service are led."""
    api = service(name)
    words = str(api.service_id if api else name).split()
    return "".join(ACRONYM.sub(lambda found: found[0].capitalize(), word) for word in words)


@cache
def _names() -> dict[str, str]:
    """By the name in the ARN, botocore's. A model begins with its metadata: the rest is not read,
    for all of them together are hundreds of megabytes."""
    found = dict(BY_NAME)
    for file in sorted(DATA.glob("*/*/service-2.json.gz"), reverse=True):
        with gzip.open(file, "rt", encoding="utf-8") as model_text:
            told = SERVICE_ID.search(model_text.read(4_000))
        if told:
            found.setdefault(re.sub(r"[^a-z0-9]", "", told[1].lower()), file.parts[-3])
    return found


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
