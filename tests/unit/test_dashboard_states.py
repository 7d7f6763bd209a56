"""What each page says where AWS gives it no answer: what goes on, and what to do, no trace."""

from __future__ import annotations

import os

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.support.refusing_aws import refusing
from tests.support.stack import free_port

PAGES = ("overview", "runs", "changes", "quality")


@pytest.fixture(autouse=True)
def nothing_kept():
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


def page(name: str) -> None:
    from importlib import import_module

    from dashboard.access import Access
    from dashboard.frame import show
    from dashboard.settings import Settings

    show(Access(Settings.from_env()), "Title", import_module(f"dashboard.{name}.page").show)


def shown(monkeypatch, name: str, endpoint_url: str) -> str:
    """The HTML and texts of the page; it has drawn no exception."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    ran = AppTest.from_function(page, default_timeout=60, args=(name,)).run()
    assert not ran.exception
    told = [element.proto.body for element in ran.get("html")]
    return "\n".join([*told, *(one.value for one in (*ran.caption, *ran.error))])


@pytest.mark.parametrize("name", PAGES)
def test_without_credentials_it_says_how_to_sign_in(monkeypatch, name):
    for variable in [v for v in os.environ if v.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    html = shown(monkeypatch, name, "")
    assert "<h2>No credentials</h2>" in html
    assert "Unable to locate credentials" in html
    assert "aws sso login --profile NAME" in html


def test_with_a_profile_that_does_not_exist_it_names_the_profile(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    html = shown(monkeypatch, "runs", "")
    assert "<h2>No credentials</h2>" in html
    assert "The config profile (nobody) could not be found" in html


@pytest.mark.parametrize("name", PAGES)
def test_where_nothing_answers_it_says_how_to_start_the_stack(monkeypatch, name):
    html = shown(monkeypatch, name, f"http://127.0.0.1:{free_port()}")
    assert "<h2>The stack is not running</h2>" in html
    assert "<pre>make up</pre>" in html


@pytest.mark.parametrize("name", PAGES)
def test_credentials_that_may_not_read_the_buckets_are_not_enough(monkeypatch, name):
    with refusing({"s3": "AccessDenied"}) as url:
        html = shown(monkeypatch, name, url)
    assert "<h2>Access denied</h2>" in html
    assert "aws sts get-caller-identity" in html


def test_a_panel_that_may_not_read_says_so_in_its_place_and_the_others_stay(monkeypatch):
    with refusing({"codepipeline": "AccessDeniedException"}) as url:
        html = shown(monkeypatch, "runs", url)
    assert "GetPipeline was answered the reason of AccessDeniedException" in html
    assert "<h2>Not run yet</h2>" in html


@pytest.mark.parametrize(
    ("service", "code", "title"),
    [
        ("states", "AccessDeniedException", "Access denied"),
        ("states", "UnrecognizedClientException", "No credentials"),
        ("states", "ThrottlingException", "A call failed"),
        ("cloudformation", "AccessDenied", "Access denied"),
        ("cloudformation", "ExpiredToken", "No credentials"),
    ],
)
def test_each_refusal_has_its_words(monkeypatch, service, code, title):
    with refusing({service: code}) as url:
        for name in ("runs", "quality"):
            html = shown(monkeypatch, name, url)
            assert f"<h2>{title}</h2>" in html
            assert code in html
