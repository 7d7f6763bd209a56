"""The resource types that LocalStack's CloudFormation gains; pyproject.toml names each."""

from __future__ import annotations

from typing import Any

from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
)


class CodePipelinePlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::CodePipeline::Pipeline"
    factory: Any = None

    def load(self) -> None:
        from services.edge.cloudformation.codepipeline_pipeline import PipelineProvider

        self.factory = PipelineProvider


class EmrServerlessApplicationPlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::EMRServerless::Application"
    factory: Any = None

    def load(self) -> None:
        from services.edge.cloudformation.emr_serverless_application import ApplicationProvider

        self.factory = ApplicationProvider


class GlueJobPlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::Glue::Job"
    factory: Any = None

    def load(self) -> None:
        from services.edge.cloudformation.glue_resources import JobProvider

        self.factory = JobProvider


class GlueCrawlerPlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::Glue::Crawler"
    factory: Any = None

    def load(self) -> None:
        from services.edge.cloudformation.glue_resources import CrawlerProvider

        self.factory = CrawlerProvider


class GlueDatabasePlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::Glue::Database"
    factory: Any = None

    def load(self) -> None:
        from services.edge.cloudformation.glue_resources import DatabaseProvider

        self.factory = DatabaseProvider


class GlueTablePlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::Glue::Table"
    factory: Any = None

    def load(self) -> None:
        from services.edge.cloudformation.glue_resources import TableProvider

        self.factory = TableProvider


class GlueTriggerPlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::Glue::Trigger"
    factory: Any = None

    def load(self) -> None:
        from services.edge.cloudformation.glue_resources import TriggerProvider

        self.factory = TriggerProvider


class GlueWorkflowPlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::Glue::Workflow"
    factory: Any = None

    def load(self) -> None:
        from services.edge.cloudformation.glue_resources import WorkflowProvider

        self.factory = WorkflowProvider
