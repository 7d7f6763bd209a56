"""What deltalake is given on AWS: the profile's address, region and keys, renewed as they end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError

from dashboard.settings import Settings
from pipeline import clients, storage

# Each call is another session, which botocore renews at once: it ends within ten minutes.
LOGIN = """
import datetime, json, pathlib, sys
calls = pathlib.Path(sys.argv[1])
n = len(calls.read_text()) + 1 if calls.exists() else 1
calls.write_text("x" * n)
end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
print(json.dumps({"Version": 1, "AccessKeyId": f"key-{n}", "SecretAccessKey": "secret",
                  "SessionToken": f"token-{n}", "Expiration": end.isoformat()}))
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of a user whose profile is `cloud`, and who has set nothing else."""
    file = tmp_path / "config"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_PROFILE", "cloud")
    for name in ("ENDPOINT_URL", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "DEFAULT_REGION"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    yield file
    clients.session.cache_clear()
    storage.address.cache_clear()


def test_a_profile_s_session_token_is_given_and_renewed_when_it_is_about_to_end(
    config: Path, tmp_path: Path
) -> None:
    login = tmp_path / "login.py"
    login.write_text(LOGIN)
    command = shlex.join([sys.executable, str(login), str(tmp_path / "calls")])
    config.write_text(f"[profile cloud]\nregion = eu-west-1\ncredential_process = {command}\n")
    settings = Settings.from_env()

    first, second = settings.storage_options, settings.storage_options

    assert (settings.endpoint_url, settings.region) == (None, "eu-west-1")
    assert first["AWS_REGION"] == "eu-west-1"
    assert first["AWS_ENDPOINT_URL"] == "https://s3.eu-west-1.amazonaws.com"
    assert "AWS_ALLOW_HTTP" not in first
    assert first["AWS_SESSION_TOKEN"].startswith("token-")
    assert first["AWS_ACCESS_KEY_ID"] != second["AWS_ACCESS_KEY_ID"]


def test_a_profile_s_own_endpoint_is_taken(config: Path) -> None:
    config.write_text(
        "[profile cloud]\nregion = us-east-1\nendpoint_url = http://127.0.0.1:1\n"
        "aws_access_key_id = a\naws_secret_access_key = b\n"
    )

    assert Settings.from_env().storage_options == {
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }


def test_what_a_profile_lacks_is_said(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("[profile cloud]\nregion = us-east-1\n[profile nowhere]\n")
    with pytest.raises(NoCredentialsError):
        _ = Settings.from_env().storage_options
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    with pytest.raises(SystemExit, match="Expected a region, found none"):
        Settings.from_env()
    monkeypatch.setenv("AWS_PROFILE", "absent")
    with pytest.raises(SystemExit, match="list-profiles"):
        Settings.from_env()
