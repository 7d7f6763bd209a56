"""`lake pull s3://BUCKET`: some days of a real account's bronze, with pseudonyms, into the lake."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lake.clients import make_client
from lake.errors import INTERRUPTED, StackError
from lake.json_output import print_json
from lake.settings import Settings
from services.private_files import keep_private

if TYPE_CHECKING:
    from lake.account_bronze import AccountBronze
    from pipeline.pseudonyms import Pseudonyms

KEY_FILE = "masking.key"
AT_ONCE = 16
LINE_EVERY = 250
DAYS = 7


@dataclass(frozen=True)
class Pulled:
    """`there` were pulled before; `unreadable` are no JSON and stay in the account."""

    days: tuple[str, ...]
    deliveries: int = 0
    there: int = 0
    unreadable: int = 0
    spend_files: int = 0


def pull(
    source: Annotated[str, typer.Argument(help="s3://BUCKET, the bronze bucket of the account")],
    days: int = typer.Option(DAYS, min=1, help="The latest days with deliveries"),
    profile: str | None = typer.Option(None, help="Profile of ~/.aws/config"),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document"),
) -> None:
    """Copy deliveries and spend of a real account into the local bronze, with pseudonyms.

    The account is only read. Names, addresses and texts become pseudonyms before anything is
    stored; the same one becomes the same in every pull. Repeat it to go on after an interruption.
    """
    from lake.account_bronze import AccountBronze
    from pipeline.pseudonyms import Pseudonyms

    bucket = source.removeprefix("s3://").rstrip("/")
    if not source.startswith("s3://") or not bucket or "/" in bucket:
        raise typer.BadParameter(f"Expected s3://BUCKET, found {source}")
    settings = Settings.from_env()
    s3 = make_client("s3", settings)
    account = AccountBronze(bucket, profile)
    if (account.endpoint_url, bucket) == (settings.endpoint_url, settings.names.bronze_bucket):
        raise StackError(f"{source} is the bronze of the stack itself: name an account's bucket")
    copier = Copier(account, s3, settings.names.bronze_bucket, Pseudonyms(_key(settings.lake_dir)))
    pulled = copier.pull(days, _told)
    if as_json:
        print_json(asdict(pulled))
        return
    between = f"{pulled.days[0]} to {pulled.days[-1]}" if pulled.days else "no day"
    typer.echo(
        f"Pulled {pulled.deliveries:,} deliveries of {between}, {pulled.spend_files:,} files of"
        f" spend; {pulled.there:,} were there, {pulled.unreadable:,} are no JSON and stay in the"
        " account. `lake run` takes them in"
    )


@dataclass(frozen=True)
class Copier:
    account: AccountBronze
    s3: Any
    bucket: str
    pseudonyms: Pseudonyms

    def pull(self, days: int, told: Callable[[str], None]) -> Pulled:
        from lake.account_bronze import DAY, EVENTS, MARKETING

        chosen = self.account.days(days, datetime.now(UTC).date().isoformat())
        keys = [key for day in chosen for key in self.account.keys(f"{EVENTS}{DAY}{day}/")]
        there = self._there(EVENTS)
        wanted = [key for key in keys if key not in there]
        told(f"{len(keys):,} deliveries of {len(chosen)} days, {len(wanted):,} of them to copy")
        done = Pulled(tuple(chosen), there=len(keys) - len(wanted))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                for number, is_copied in enumerate(pool.map(self._delivery, wanted), 1):
                    done = replace(
                        done,
                        deliveries=done.deliveries + is_copied,
                        unreadable=done.unreadable + (not is_copied),
                    )
                    if number % LINE_EVERY == 0:
                        told(f"  {number:,} of {len(wanted):,}")
            except KeyboardInterrupt:
                # Objects are whole or not there; a thread may wait for the account for minutes.
                told(f"Interrupted: {done.deliveries:,} were copied. Repeat it to go on")
                os._exit(INTERRUPTED)
        # Spend has no personal data: dates, channels, amounts.
        spend = self.account.keys(MARKETING)
        for key in spend:
            self._put(key, self.account.body(key))
        return replace(done, spend_files=len(spend))

    def _delivery(self, key: str) -> bool:
        from pipeline.pseudonyms import UnreadableError

        try:
            body = self.pseudonyms.object(self.account.body(key))
        except UnreadableError:
            return False
        self._put(key, body)
        return True

    def _put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json")

    def _there(self, prefix: str) -> set[str]:
        from botocore.exceptions import ClientError

        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        try:
            return {entry["Key"] for page in pages for entry in page.get("Contents", [])}
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchBucket":
                raise StackError(f"{self.bucket} is not there: `lake deploy` makes it") from error
            raise


def _key(lake_dir: Path) -> bytes:
    """The secret of this LAKE_DIR's pseudonyms, made once."""
    keep_private(lake_dir)
    file = lake_dir / KEY_FILE
    if not file.exists():
        unfinished = file.with_name(f"{KEY_FILE}.part")
        unfinished.write_bytes(secrets.token_bytes(32))
        unfinished.replace(file)
    return file.read_bytes()


def _told(line: str) -> None:
    typer.echo(line, err=True)
