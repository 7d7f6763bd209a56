"""The dashboard's code pipeline: started by its button, followed by stage, its failure told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from playwright.sync_api import Page, expect

from tests.browser.lake_of_literals import LiteralLake
from tests.support.git_client import WorkTree
from tests.support.pipelines import Pipelines, declaration, deploy, source, stage

NAME = "project6-codepipeline"


@pytest.fixture
def pipelines(edge_url: str, filled: LiteralLake) -> Any:
    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=edge_url, region_name="us-east-1", **keys)

    made = Pipelines(client)
    yield made
    made.api.delete_pipeline(name=NAME)


def test_without_a_pipeline_the_button_is_off_and_says_what_to_do(
    page: Page, dashboard: str, filled: LiteralLake
) -> None:
    page.goto(f"{dashboard}/pipeline")

    expect(page.get_by_role("button", name="Run ETL Pipeline")).to_be_disabled()
    expect(page.get_by_text(f"There is no pipeline {NAME}")).to_be_visible()


def test_the_button_runs_the_pipeline_and_shows_why_a_stage_failed_or_that_all_went_well(
    page: Page, dashboard: str, edge_url: str, pipelines: Pipelines, tmp_path: Path
) -> None:
    stages = (stage("Source", source("acme/dashboard", DetectChanges="false")),)
    stages += (stage("Deploy", deploy("artifacts", ObjectKey="deployed")),)
    pipelines.api.create_pipeline(pipeline=declaration(NAME, *stages))
    pipelines.newest_end(NAME)

    page.goto(f"{dashboard}/pipeline")
    expect(page.locator("ul.states li.failed .state")).to_have_text("Source")
    expect(page.locator("ul.states li.skipped .state")).to_have_text("Deploy")
    expect(page.locator(".cause")).to_contain_text("No Branch [main] found")

    WorkTree(tmp_path / "work", f"{edge_url}/_git/acme/dashboard.git").push_files(
        "First", {"a.txt": "1"}
    )
    page.get_by_role("button", name="Run ETL Pipeline").click()
    expect(page.locator("ul.states li.succeeded .state")).to_have_text(["Source", "Deploy"])
    expect(page.locator(".cause")).to_have_count(0)
