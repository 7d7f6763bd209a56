"""Streamlit's files from memory, and what a page says ahead that it will need."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir

from dashboard.assets import OVERVIEW_PARTS, Assets, needed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scripts = tmp_path / "static" / "js"
    scripts.mkdir(parents=True)
    (tmp_path / "index.html").write_text(
        '<head><script src="./static/js/index.1.js"></script></head>'
    )
    (scripts / "index.1.js").write_text("start()")
    (scripts / "Metric.2.js").write_text('import{t}from"./index.1.js";import"./number.3.js";')
    (scripts / "number.3.js").write_text('import{u}from"./Metric.2.js";')
    (scripts / "Chart.4.js").write_text("draw()")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> TestClient:
    def other(request):
        return PlainTextResponse(f"Streamlit's answer to {request.method} {request.url.path}")

    routes = [Route("/{path:path}", other, methods=["GET", "POST"])]
    assets = Middleware(Assets, folder=folder, pages={"/": ("Metric",)})
    return TestClient(Starlette(routes=routes, middleware=[assets]))


def test_a_page_names_ahead_its_parts_and_what_they_import_once(client):
    answer = client.get("/")
    assert answer.text == (
        '<head><script src="./static/js/index.1.js"></script>'
        '<link rel="modulepreload" crossorigin fetchpriority="low" href="./static/js/Metric.2.js">'
        '<link rel="modulepreload" crossorigin fetchpriority="low" href="./static/js/number.3.js">'
        "</head>"
    )
    assert answer.headers["cache-control"] == "no-cache"


def test_a_file_is_kept_by_the_browser_for_ever_because_its_name_changes_with_it(client):
    answer = client.get("/static/js/Chart.4.js")
    assert (answer.text, answer.headers["cache-control"]) == (
        "draw()",
        "public, immutable, max-age=31536000",
    )
    assert answer.headers["content-type"] in ("text/javascript", "application/javascript")


def test_all_else_is_streamlit_s_to_answer(client):
    for path in (
        "/static/js/none.js",
        "/static/js/../../index.html",
        "/quality",
        "/_stcore/health",
    ):
        assert client.get(path).text.startswith("Streamlit's answer to GET /")
    assert client.post("/").text == "Streamlit's answer to POST /"


def test_the_overview_s_parts_are_those_of_the_streamlit_that_is_installed():
    scripts = Path(get_static_dir()) / "static" / "js"
    found = needed(scripts, OVERVIEW_PARTS)
    assert len(found) > 2 * len(OVERVIEW_PARTS)
    assert not [name for name in found if not (scripts / name).is_file()]
    assert not [name for name in found if name.startswith(("embed.", "ArrowVega"))]


def test_a_part_that_streamlit_no_longer_has_is_named(folder):
    with pytest.raises(FileNotFoundError, match=r"Expected one file Slider\.\*\.js"):
        needed(folder / "static" / "js", ["Slider"])
