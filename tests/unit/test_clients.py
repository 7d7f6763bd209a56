"""Clients of the local endpoint take nothing from the user's settings for AWS."""

from __future__ import annotations

import pytest
from botocore.exceptions import ProfileNotFound

from pipeline.clients import make_client


def test_a_profile_of_the_shell_that_is_not_there_keeps_nobody_from_the_local_endpoint(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody-has-this")
    local = make_client("s3", "http://localhost:4566", "us-east-1")
    assert local.meta.endpoint_url == "http://localhost:4566"
    with pytest.raises(ProfileNotFound):
        make_client("s3", None, "eu-west-3")


def test_a_profile_of_the_shell_gives_the_local_endpoint_no_settings(monkeypatch, tmp_path):
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = eu-west-1\ns3 =\n  addressing_style = virtual\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "work")
    local = make_client("s3", "http://localhost:4566", "us-east-1")
    assert local.meta.region_name == "us-east-1"
    assert local.meta.config.s3["addressing_style"] == "path"
