"""The channel configuration."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lakehouse.channels import (
    Channel,
    ChannelConfigError,
    channel_by_spend_name,
    channel_of,
    parse_channels,
)


@pytest.mark.parametrize(
    ("event_type", "channel"),
    [
        ("dbb4ec50-38cd-4bcd-bbff-efb7b5a6f098", "youtube"),
        ("bb339e98-7a67-4af2-b584-8dbf95564312", "tiktok"),
        ("d639ecd3-8718-4068-955a-436b10d72c78", "facebook"),
        ("00000000-0000-0000-0000-000000000000", "others"),
        ("", "others"),
        (None, "others"),
    ],
)
def test_a_channel_is_found_by_its_event_type(event_type, channel):
    assert channel_of(event_type) == channel


def test_spend_names_lead_to_channels_and_others_has_none():
    assert channel_by_spend_name() == {
        "youtube_paid_ads": "youtube",
        "tiktok_paid_ads": "tiktok",
        "facebook_paid_ads": "facebook",
    }


def test_a_channel_added_to_the_file_stands_before_others():
    text = json.dumps(
        {"channels": [{"name": "radio", "event_types": ["a", "b"], "spend_name": "radio_ads"}]}
    )
    assert parse_channels(text.encode()) == (
        Channel("radio", ("a", "b"), "radio_ads"),
        Channel("others", ()),
    )


@pytest.mark.parametrize(
    ("entries", "repeated"),
    [
        ([{"name": "others", "event_types": []}], "others"),
        ([{"name": "a", "event_types": ["x"]}, {"name": "b", "event_types": ["x"]}], "x"),
        ([{"name": "a", "event_types": []}, {"name": "a", "event_types": []}], "a"),
    ],
)
def test_a_contradicting_configuration_is_refused(entries, repeated):
    with pytest.raises(ChannelConfigError, match=f"found {repeated} more than once"):
        parse_channels(json.dumps({"channels": entries}).encode())


def test_the_configuration_is_found_inside_the_zip(tmp_path):
    package = Path(sys.modules[channel_of.__module__].__file__).parent
    shutil.make_archive(str(tmp_path / "lakehouse"), "zip", package.parent, "lakehouse")
    code = (
        "import lakehouse.channels as c; "
        "print(c.__file__, c.channel_of('bb339e98-7a67-4af2-b584-8dbf95564312'))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path / "lakehouse.zip")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert ".zip" in found[0]
    assert found[1] == "tiktok"
