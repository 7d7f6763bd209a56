"""The AWS account that a pipeline is promoted to, and who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    UnauthorizedSSOTokenError,
)

LAPTOP = "000000000000"
NO_LOGIN = (
    NoCredentialsError,
    PartialCredentialsError,
    SSOTokenLoadError,
    UnauthorizedSSOTokenError,
)
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
UNKNOWN_KEY = ("InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch")


DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")
AGAIN = "then repeat the command: what is done already stays, and it goes on from there"


class PromotionError(Exception):
    """The promotion cannot go on; the message says what was found and what to do."""


@dataclass(frozen=True)
class Cloud:
    """`arn` is the caller's identity."""

    account: str
    arn: str
    region: str
    make_client: Callable[[str], Any]


def explained(error: ClientError | BotoCoreError) -> str:
    """What a call's failure means, and its cure; AWS's own words are in it."""
    if isinstance(error, NO_LOGIN):
        return f"The credentials are gone ({error}): log in by `aws sso login`, {AGAIN}"
    if isinstance(error, BotoCoreError):
        return f"AWS does not answer ({error}): check --region and the network, {AGAIN}"
    code = error.response["Error"]["Code"]
    if code in EXPIRED:
        return (
            f"The session of the credentials has ended ({code}): log in by `aws sso login`, {AGAIN}"
        )
    if code in DENIED:
        message = error.response["Error"].get("Message", "")
        return (
            f"The caller lacks the permission for {error.operation_name} ({code}): {message}\n"
            f"Have it added to the caller's policies, {AGAIN}"
        )
    return str(error)


def session(profile: str | None, region: str | None) -> Any:
    """A boto3 session of the profile and region given, else of the environment."""
    try:
        made: Any = boto3.session.Session(profile_name=profile, region_name=region)
    except ProfileNotFound as error:
        raise PromotionError(
            f"Expected the profile {profile!r} in ~/.aws/config, found none of that name:"
            " `aws configure list-profiles` lists those that are there"
        ) from error
    if not made.region_name:
        raise PromotionError(
            "Expected a region, found none: give --region, or set one in the profile"
        )
    return made


def identify(made: Any, profile: str | None) -> Cloud:
    """Who the session's credentials belong to; refuses none, old ones and the laptop's."""
    login = f"aws sso login{f' --profile {profile}' if profile else ''}"
    sts = made.client("sts")
    try:
        caller = sts.get_caller_identity()
    except NO_LOGIN as error:
        raise PromotionError(
            f"Expected AWS credentials, found none: run `{login}` or `aws configure`, and name the"
            f" profile by --profile ({error})"
        ) from error
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in EXPIRED:
            raise PromotionError(
                f"The session of the credentials has ended ({code}): run `{login}`, then repeat"
            ) from error
        if code in UNKNOWN_KEY:
            raise PromotionError(
                f"AWS does not know the credentials ({code}): check the access key of the profile"
                " or of the environment"
            ) from error
        raise PromotionError(f"AWS does not tell whose the credentials are: {error}") from error
    except BotoCoreError as error:
        address = str(sts.meta.endpoint_url)
        elsewhere = (
            ""
            if "amazonaws.com" in address
            else (f". {address} is not AWS: unset AWS_ENDPOINT_URL, or name a profile by --profile")
        )
        raise PromotionError(
            f"The region {made.region_name} does not answer: check --region and the network"
            f" ({error}){elsewhere}"
        ) from error
    if caller["Account"] == LAPTOP:
        raise PromotionError(
            f"The credentials are those of the local stack (account {LAPTOP}): name a profile of"
            " your AWS account by --profile, and unset AWS_ENDPOINT_URL and AWS_ACCESS_KEY_ID"
        )
    return Cloud(caller["Account"], caller["Arn"], made.region_name, made.client)
