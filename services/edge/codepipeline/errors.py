"""The errors with which CodePipeline answers, named as in its API model, and those of an action."""

from __future__ import annotations

from services.edge.aws.errors import AwsError


class PipelineError(AwsError):
    """One of the errors of CodePipeline's API model."""


class ActionError(Exception):
    """An action failed; `code` and the message become the action's errorDetails."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def validation(message: str) -> PipelineError:
    return PipelineError("ValidationException", message)


def next_token(message: str) -> PipelineError:
    return PipelineError("InvalidNextTokenException", message)


def too_many_tags(message: str) -> PipelineError:
    return PipelineError("TooManyTagsException", message)


def structure(message: str) -> PipelineError:
    return PipelineError("InvalidStructureException", message)


def stage(message: str) -> PipelineError:
    return PipelineError("InvalidStageDeclarationException", message)


def action(message: str) -> PipelineError:
    return PipelineError("InvalidActionDeclarationException", message)


def no_pipeline(name: str, account: str) -> PipelineError:
    message = f"Account '{account}' does not have a pipeline with name '{name}'"
    return PipelineError("PipelineNotFoundException", message)


def name_in_use(name: str, account: str) -> PipelineError:
    message = f"A pipeline with the name '{name}' already exists in account '{account}'"
    return PipelineError("PipelineNameInUseException", message)


def no_version(name: str, version: int) -> PipelineError:
    message = f"Pipeline '{name}' has no version {version}"
    return PipelineError("PipelineVersionNotFoundException", message)


def no_execution(name: str, execution: str) -> PipelineError:
    message = f"Pipeline '{name}' has no execution '{execution}'"
    return PipelineError("PipelineExecutionNotFoundException", message)


def no_stage(name: str, pipeline: str) -> PipelineError:
    return PipelineError("StageNotFoundException", f"Pipeline '{pipeline}' has no stage '{name}'")


def no_action(name: str, stage_name: str) -> PipelineError:
    message = f"Stage '{stage_name}' has no action '{name}'"
    return PipelineError("ActionNotFoundException", message)


def no_job(job: str) -> PipelineError:
    return PipelineError("JobNotFoundException", f"Job with ID '{job}' was not found")


def no_resource(arn: str) -> PipelineError:
    return PipelineError("ResourceNotFoundException", f"No pipeline has the ARN {arn}")
