"""LocalStack's CloudWatch Logs with reading as on AWS: pages, tokens, order and filter patterns."""

from __future__ import annotations

import json
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.api.core import handler
from localstack.http import Response
from localstack.services.logs import provider as logs
from localstack.services.logs.models import get_moto_logs_backend

from services.edge.cloudwatch_logs import errors
from services.edge.cloudwatch_logs.documents import pages, patterns

Document = dict[str, Any]
MOST_GROUPS = 50


class LogsProvider(logs.LogsProvider):  # type: ignore[misc]
    """Writing stays LocalStack's; of the log groups only what is answered is looked at."""

    @handler("FilterLogEvents", expand=False)
    def filter_log_events(self, context: RequestContext, request: Document) -> Response:
        streams = _chosen(_group(context, request).streams, request)
        try:
            matches = patterns.matcher(request.get("filterPattern") or "")
            found, token = pages.filtered(
                {name: list(stream.events) for name, stream in streams.items()},
                _window(request, 1),
                matches,
                _limit(request, pages.MOST_EVENTS),
                request.get("nextToken"),
            )
        except (patterns.PatternError, pages.TokenError) as error:
            raise errors.invalid_parameter(str(error)) from error
        events = [
            {**_described(event), "logStreamName": name, "eventId": f"{event.event_id:056d}"}
            for name, event in found
        ]
        # Empty since 2019: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
        answer: Document = {"events": events, "searchedLogStreams": []}
        return _json({**answer, "nextToken": token} if token else answer)

    @handler("GetLogEvents", expand=False)
    def get_log_events(self, context: RequestContext, request: Document) -> Response:
        stream = _group(context, request).streams.get(request["logStreamName"])
        if stream is None:
            raise errors.not_found("log stream")
        try:
            page, backward, forward = pages.of_stream(
                list(stream.events),
                _window(request, 0),
                _limit(request, pages.MOST_EVENTS),
                request.get("nextToken"),
                from_head=bool(request.get("startFromHead")),
            )
        except pages.TokenError as error:
            raise errors.invalid_parameter(str(error)) from error
        events = [_described(event) for event in page]
        return _json({"events": events, "nextBackwardToken": backward, "nextForwardToken": forward})

    @handler("DescribeLogGroups", expand=False)
    def describe_log_groups(self, context: RequestContext, request: Document) -> Document:
        prefix = request.get("logGroupNamePrefix") or ""
        pattern = (request.get("logGroupNamePattern") or "").lower()
        if prefix and pattern:
            raise errors.invalid_parameter(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."
            )
        after = request.get("nextToken") or ""
        groups = dict(get_moto_logs_backend(context.account_id, context.region).groups)
        names = sorted(
            name
            for name in groups
            if name.startswith(prefix) and pattern in name.lower() and name > after
        )
        page = names[: _limit(request, MOST_GROUPS)]
        answer: Document = {"logGroups": [_described_group(groups[name]) for name in page]}
        return {**answer, "nextToken": page[-1]} if len(page) < len(names) else answer


def _json(answer: Document) -> Response:
    """Written at once: for 10,000 events LocalStack's serialiser takes most of a second."""
    return Response(json.dumps(answer), mimetype="application/x-amz-json-1.1")


def _group(context: RequestContext, request: Document) -> Any:
    asked = [request.get("logGroupName"), request.get("logGroupIdentifier")]
    if all(asked) or not any(asked):
        raise errors.invalid_parameter(
            "Exactly one of logGroupName and logGroupIdentifier must be given."
        )
    name = asked[0] or str(asked[1]).rpartition(":log-group:")[2].removesuffix(":*")
    group = get_moto_logs_backend(context.account_id, context.region).groups.get(name)
    if group is None:
        raise errors.not_found("log group")
    return group


def _chosen(streams: Document, request: Document) -> Document:
    names, prefix = request.get("logStreamNames"), request.get("logStreamNamePrefix")
    if names and prefix:
        raise errors.invalid_parameter(
            "logStreamNames and logStreamNamePrefix cannot be given together."
        )
    present = dict(streams)
    if names:
        if unknown := [name for name in names if name not in present]:
            raise errors.not_found(f"log stream {unknown[0]}")
        return {name: present[name] for name in names}
    return {name: s for name, s in present.items() if name.startswith(prefix or "")}


def _window(request: Document, inclusive: int) -> pages.Window:
    """FilterLogEvents counts its end in, GetLogEvents does not."""
    start, end = request.get("startTime") or 0, request.get("endTime")
    if end is not None and end < start:
        raise errors.invalid_parameter("End time should not be less than start time.")
    return pages.Window(start, None if end is None else end + inclusive)


def _limit(request: Document, most: int) -> int:
    limit = request.get("limit")
    if limit is None:
        return most
    if not 1 <= limit <= most:
        bound = "greater than or equal to 1" if limit < 1 else f"less than or equal to {most}"
        raise errors.invalid_parameter(
            f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy"
            f" constraint: Member must have value {bound}"
        )
    return int(limit)


def _described(event: Any) -> Document:
    return {
        "timestamp": event.timestamp,
        "message": event.message,
        "ingestionTime": event.ingestion_time,
    }


def _described_group(group: Any) -> Document:
    optional = {"retentionInDays": group.retention_in_days, "kmsKeyId": group.kms_key_id}
    return {
        "logGroupName": group.name,
        "arn": f"{group.arn}:*",
        "logGroupArn": group.arn,
        "logGroupClass": "STANDARD",
        "creationTime": group.creation_time,
        "metricFilterCount": 0,
        "storedBytes": sum(stream.stored_bytes for stream in list(group.streams.values())),
        **{name: value for name, value in optional.items() if value},
    }
