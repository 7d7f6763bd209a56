"""Records are kept apart by account and region; what was there before belongs to the first."""

from __future__ import annotations

from pathlib import Path

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
