"""Records are kept apart by account and region; what was there before belongs to the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.edge.glue.store import KINDS
from services.edge.store.records import Records


def test_what_was_kept_without_an_account_is_adopted_once(tmp_path: Path) -> None:
    records = Records(tmp_path / "edge.sqlite")
    records.put("workgroup", "primary", {"a": 1})
    records.put("other", "primary", {"a": 2})
    for _ in range(2):
        records.adopt(("workgroup",))

    assert records.of("000000000000/us-east-1").get("workgroup", "primary") == {"a": 1}
    assert records.of("000000000000/us-east-1").list("workgroup") == [{"a": 1}]
    assert records.get("other", "primary") == {"a": 2}


def test_an_account_sees_changes_and_loses_only_its_own(tmp_path: Path) -> None:
    records = Records(tmp_path / "edge.sqlite")
    first, second = records.of("000000000000/us-east-1"), records.of("000000000000/us-east-2")
    first.put("k", "n", {"of": 1})
    second.put("k", "n", {"of": 2})
    second.put("k", "m", {"of": 3})
    first.delete("k", "m")
    first.delete("k", "n")

    assert first.list("k") == []
    assert second.list("k", "n") == [{"of": 2}]
    assert second.list("k") == [{"of": 2}, {"of": 3}]


def test_glue_of_before_accounts_were_kept_apart_is_the_first_accounts(tmp_path: Path) -> None:
    kept = {
        "glue_job": "j",
        "glue_run": "j\njr_1",
        "glue_crawler": "c",
        "glue_crawl": "c\n1",
        "glue_latest_crawl": "c",
        "glue_trigger": "t",
        "glue_workflow": "w",
        "glue_chain": "w\nwr_1",
        "glue_database": "d",
    }
    records = Records(tmp_path / "edge.sqlite")
    for kind, key in kept.items():
        records.put(kind, key, {"of": kind})
    records.adopt(KINDS)
    records.of("111111111111/eu-central-1").put("glue_job", "j", {"of": "another"})

    first = records.of("000000000000/us-east-1")
    for kind, key in kept.items():
        assert first.get(kind, key) == {"of": kind}
    assert first.list("glue_run", "j\n") == [{"of": "glue_run"}]
    assert records.scopes(KINDS) == {"000000000000/us-east-1", "111111111111/eu-central-1"}


def test_an_adoption_that_is_broken_off_has_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    records = Records(tmp_path / "edge.sqlite")
    records.put("glue_job", "j", {"a": 1})
    with monkeypatch.context() as broken, pytest.raises(OSError, match="No space"):
        broken.setattr(records, "put", full)
        records.adopt(("glue_job",))

    records.adopt(("glue_job",))
    assert records.of("000000000000/us-east-1").get("glue_job", "j") == {"a": 1}
