"""Which requests a port takes: by Host, Origin and what a browser tells of the page."""

from __future__ import annotations

import pytest

from lake.settings import Settings
from services.admission import own_names, refusal

NAMES = own_names()


def answer(*headers: tuple[str, str], more: str = "") -> str | None:
    return refusal(headers, own_names(more))


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:4566", "LOCALHOST:1", "localhost.:4566", "localhost:"),
        *("127.0.0.1:4566", "[::1]:4566", "edge:4566", "spark:4570", "dashboard:8501"),
        *("localhost.localstack.cloud:4566", "bucket.localhost:4566"),
        "bucket.with.dots.s3.us-east-1.localhost.localstack.cloud:4566",
        "a1b2c3.execute-api.localhost.localstack.cloud:4566",
        "id.lambda-url.us-east-1.localhost.localstack.cloud:4566",
        "under_score.s3.localhost.localstack.cloud:4566",
    ],
)
def test_a_request_to_an_own_name_is_taken_at_any_port(host):
    assert answer(("Host", host)) is None


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:4566", "localhost.evil.example", "notlocalhost", ""),
        *("localhost.localstack.cloud.evil.example", "evillocalhost.localstack.cloud"),
        *("0.0.0.0:4566", "127.0.0.1.evil.example", "192.168.1.7:4566", "[::2]", "127.1"),
        *("localhost@evil.example", "evil@localhost", "localhost/", "localhost#", "localhost:x"),
        *("localhost, evil.example", "localhost evil.example", ".localhost", "edge.evil.example"),
        *("bucket.edge.example", "app.localstack.cloud", "xn--lcalhost-gw6c"),
    ],
)
def test_a_request_to_any_other_name_is_refused_so_that_rebinding_reads_nothing(host):
    assert "none of this stack's names" in (answer(("Host", host)) or "")


def test_a_request_must_have_one_host_whatever_a_proxy_says_it_was():
    assert answer(("Accept", "*/*")) == "Expected one Host header, found 0"
    assert answer(("Host", "localhost"), ("host", "evil.example")) is not None
    assert answer(("Host", "localhost"), ("Host", "localhost")) is not None
    assert answer(("Host", "evil.example"), ("X-Forwarded-Host", "localhost")) is not None


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:4566", "http://localhost:4566"),
        ("LocalHost:4566", "HTTP://localhost.:4566"),
        ("127.0.0.1:8501", "http://127.0.0.1:8501"),
        ("[::1]:8501", "http://[::1]:8501"),
        ("localhost", "http://localhost:80"),
        ("localhost", "https://localhost"),
        (
            "site.s3.localhost.localstack.cloud:4566",
            "http://site.s3.localhost.localstack.cloud:4566",
        ),
    ],
)
def test_a_page_of_the_same_host_and_port_is_taken(host, origin):
    assert answer(("Host", host), ("Origin", origin), ("Sec-Fetch-Site", "same-origin")) is None


@pytest.mark.parametrize(
    "origin",
    [
        *("http://evil.example", "http://evil.example:4566", "null", "", "file://", "localhost"),
        *(
            "http://localhost:8080",
            "http://127.0.0.1:4566",
            "http://localhost",
            "http://[::1]:4566",
        ),
        *("https://app.localstack.cloud", "http://app.localstack.cloud", "https://localhost"),
        *("http://localhost:4566.evil.example", "http://localhost:4566@evil.example"),
        *(
            "http://evil@localhost:4566",
            "chrome-extension://localhost:4566",
            "http://localhost:4566/",
        ),
        *("http://localhost.localstack.cloud:4566", "http://bucket.localhost:4566"),
    ],
)
def test_a_page_of_any_other_origin_is_refused(origin):
    assert answer(("Host", "localhost:4566"), ("Origin", origin)) is not None
    own = ("Origin", "http://localhost:4566")
    assert answer(("Host", "localhost:4566"), own, ("Origin", origin)) is not None


def test_a_request_that_a_page_elsewhere_makes_without_an_origin_is_refused():
    host = ("Host", "localhost:4566")
    assert answer(host, ("Sec-Fetch-Site", "none")) is None
    for site in ("cross-site", "Cross-Site", "same-site", "anything new"):
        assert answer(host, ("Sec-Fetch-Site", site)) is not None
    assert answer(host, ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "cross-site")) is not None


LINK = (("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"))


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_a_link_elsewhere_may_lead_the_user_to_what_is_only_read(site):
    link = (("Host", "localhost:4570"), ("Sec-Fetch-Site", site), *LINK)
    assert refusal(link, NAMES, may_be_linked=True) is None
    assert refusal(link, NAMES) is not None
    assert refusal((*link, ("Origin", "null")), NAMES, may_be_linked=True) is not None
    assert refusal((("Host", "evil.example"), *link[1:]), NAMES, may_be_linked=True) is not None


@pytest.mark.parametrize(
    "how",
    [
        *((), LINK[:1], LINK[1:], (*LINK, ("Sec-Fetch-Dest", "iframe"))),
        *(
            (("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", dest))
            for mode, dest in (
                *(("navigate", "iframe"), ("navigate", "object"), ("no-cors", "script")),
                *(("no-cors", "image"), ("cors", "empty"), ("no-cors", "document")),
            )
        ),
    ],
)
def test_what_a_page_elsewhere_shows_or_reads_itself_is_no_link(how):
    asked = (("Host", "localhost:4570"), ("Sec-Fetch-Site", "same-site"), *how)
    assert refusal(asked, NAMES, may_be_linked=True) is not None


def test_allowed_hosts_adds_names_and_all_names_below_one():
    more = "host.docker.internal, *.Example.test"
    assert answer(("Host", "host.docker.internal:4566"), more=more) is None
    assert answer(("Host", "bucket.example.test:4566"), more=more) is None
    assert answer(("Host", "example.test"), more=more) is not None
    own = ("Origin", "http://a.example.test")
    assert answer(("Host", "a.example.test"), own, more=more) is None
    assert answer(("Host", "localhost"), own, more=more) is not None


@pytest.mark.parametrize("more", ["*", "http://devbox", "devbox:4566", "*.", "a/b", "*.*.example"])
def test_an_allowed_host_that_is_no_name_is_told(more):
    with pytest.raises(ValueError, match="ALLOWED_HOSTS must be names without ports"):
        own_names(more)


def test_the_command_line_tells_of_an_allowed_host_that_is_no_name(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "http://devbox")
    with pytest.raises(SystemExit, match="found 'http://devbox'; see .env"):
        Settings.from_env()
