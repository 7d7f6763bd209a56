"""What the stack keeps is its user's alone, what lay there before too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.private_files import keep_private
from services.spark_token import shared_token


@pytest.fixture(autouse=True)
def umask():
    kept = os.umask(0o022)
    yield
    os.umask(kept)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(path.stat().st_mode)[-3:] for path in [folder, *folder.rglob("*")]}


def test_what_is_there_is_closed_to_others_and_what_comes_is_made_so(tmp_path):
    lake = tmp_path / "lake"
    (lake / "s3").mkdir(parents=True)
    for name, mode in (("object", 0o644), ("script", 0o755), ("pack", 0o444)):
        (lake / "s3" / name).touch()
        (lake / "s3" / name).chmod(mode)

    keep_private(lake)
    (lake / "new").mkdir()
    (lake / "new" / "file").touch()

    assert modes(lake) == {
        **{"lake": "700", "s3": "700", "object": "600", "script": "700", "pack": "400"},
        **{"new": "700", "file": "600"},
    }


def test_a_folder_that_is_not_there_is_made_for_its_user_alone(tmp_path):
    keep_private(tmp_path / "a" / "lake")
    assert modes(tmp_path / "a") == {"a": "700", "lake": "700"}


def test_a_link_is_left_as_it_is_and_so_is_what_it_leads_to(tmp_path):
    outside = tmp_path / "outside"
    outside.touch()
    outside.chmod(0o644)
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "link").symlink_to(outside)
    keep_private(tmp_path / "lake")
    assert oct(outside.stat().st_mode)[-3:] == "644"


def test_the_token_is_made_once_and_no_one_else_can_read_it(tmp_path):
    file = tmp_path / "spark.token"
    made = shared_token(file)
    assert len(made) >= 32
    assert shared_token(file) == made
    assert modes(tmp_path)["spark.token"] == "600"
    assert [path.name for path in tmp_path.iterdir()] == ["spark.token"]
    assert shared_token(tmp_path / "another") != made
