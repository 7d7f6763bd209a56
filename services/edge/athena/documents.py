"""What Athena keeps of executions, workgroups and saved queries; members with a _ are private.

https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from services.edge.athena.engine.request import Result, Statistics


class EngineVersion(TypedDict):
    SelectedEngineVersion: str
    EffectiveEngineVersion: str


class ResultConfiguration(TypedDict, total=False):
    OutputLocation: str
    EncryptionConfiguration: dict[str, str]
    ExpectedBucketOwner: str
    AclConfiguration: dict[str, str]


class Status(TypedDict):
    """Times in seconds since 1970."""

    State: str
    SubmissionDateTime: float
    CompletionDateTime: NotRequired[float]
    StateChangeReason: NotRequired[str]
    AthenaError: NotRequired[dict[str, Any]]


class ExecutionStatistics(Statistics, total=False):
    QueryQueueTimeInMillis: int
    TotalExecutionTimeInMillis: int
    ServicePreProcessingTimeInMillis: int
    ResultReuseInformation: dict[str, bool]


class Execution(TypedDict):
    QueryExecutionId: str
    Query: str
    StatementType: str
    SubstatementType: str
    ResultConfiguration: ResultConfiguration
    ResultReuseConfiguration: dict[str, dict[str, Any]]
    QueryExecutionContext: dict[str, str]
    Status: Status
    Statistics: ExecutionStatistics
    WorkGroup: str
    EngineVersion: EngineVersion
    ExecutionParameters: NotRequired[list[str]]
    _folder: str
    _scope: NotRequired[str]  # account/region
    _result: NotRequired[Result]


class WorkgroupConfiguration(TypedDict, total=False):
    ResultConfiguration: ResultConfiguration
    EnforceWorkGroupConfiguration: bool
    PublishCloudWatchMetricsEnabled: bool
    RequesterPaysEnabled: bool
    EnableMinimumEncryptionConfiguration: bool
    BytesScannedCutoffPerQuery: int
    EngineVersion: EngineVersion


class Workgroup(TypedDict):
    Name: str
    State: str
    Configuration: WorkgroupConfiguration
    CreationTime: float
    Description: NotRequired[str]


class NamedQuery(TypedDict):
    NamedQueryId: str
    WorkGroup: str
    Name: str
    Database: str
    QueryString: str
    Description: NotRequired[str]


class PreparedStatement(TypedDict):
    StatementName: str
    WorkGroupName: str
    QueryStatement: str
    LastModifiedTime: float
    Description: NotRequired[str]
