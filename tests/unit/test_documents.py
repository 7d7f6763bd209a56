"""The documents point to what there is, and the decisions have one form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("0*.md"))
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)")
FOLDERS = "aws_bootstrap|benchmarks|dashboard|docs|lake|pipeline|requirements|sample_data|services"
FILE = re.compile(rf"`((?:{FOLDERS}|spark_jobs|tests)/[\w./-]+)`")


def _anchors(document: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document):
    text = document.read_text()
    for path, anchor in LINK.findall(text):
        target = document.parent / path if path else document
        assert target.exists(), path
        assert not anchor or anchor in _anchors(target), f"{path}#{anchor}"
    for path in FILE.findall(text):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_a_status_three_parts_and_a_line_in_the_index(decision):
    text, number = decision.read_text(), int(decision.stem[:4])
    assert text.startswith(f"# {number}. ")
    assert re.search(r"^Status: (Accepted|Replaced by \[\d+\]\(.*\)), \d{4}-\d\d-\d\d", text, re.M)
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]
    assert f"| [{number}]({decision.name}) |" in (decision.parent / "README.md").read_text()


def test_the_readme_is_read_in_one_sitting():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120
