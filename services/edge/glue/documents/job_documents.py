"""What Glue keeps of a job and of a job run; members that begin with _ are this service's own.

https://docs.aws.amazon.com/glue/latest/webapi/API_Job.html
https://docs.aws.amazon.com/glue/latest/webapi/API_JobRun.html
Times are in seconds since 1970, `Timeout` in minutes.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict


class JobCommand(TypedDict):
    Name: str
    ScriptLocation: str
    PythonVersion: NotRequired[str]


class Capacity(TypedDict):
    MaxCapacity: float
    WorkerType: NotRequired[str]
    NumberOfWorkers: NotRequired[int]


class Job(Capacity):
    Name: str
    Role: str
    Command: JobCommand
    GlueVersion: str
    MaxRetries: int
    Timeout: int
    ExecutionProperty: dict[str, int]
    ExecutionClass: str
    CreatedOn: float
    LastModifiedOn: float
    Description: NotRequired[str]
    DefaultArguments: NotRequired[dict[str, str]]
    NonOverridableArguments: NotRequired[dict[str, str]]
    _tags: NotRequired[dict[str, str]]
    _arn: NotRequired[str]


class JobRun(Capacity):
    Id: str
    Attempt: int
    JobName: str
    JobRunState: str
    Arguments: dict[str, str]
    StartedOn: float
    LastModifiedOn: float
    ExecutionTime: int
    Timeout: int
    GlueVersion: str
    ExecutionClass: str
    LogGroupName: str
    PredecessorRuns: list[dict[str, str]]
    PreviousRunId: NotRequired[str]
    TriggerName: NotRequired[str]
    CompletedOn: NotRequired[float]
    DPUSeconds: NotRequired[float]
    ErrorMessage: NotRequired[str]
    _arguments: dict[str, str]
    _command: NotRequired[str]  # an earlier version did not keep it
    _script: str
    _retries_left: int
    # Absent from runs that an older version has on record.
    _role: NotRequired[str]
    _began: NotRequired[float]
    _ends_as: NotRequired[str]
    _chain: NotRequired[str]
