"""The webhook's subscription in Calendly, made by its API v2 where there is none yet.

https://developer.calendly.com/api-docs (Webhooks)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]

CALENDLY = "https://api.calendly.com"
EVENTS = (
    *("invitee.created", "invitee.canceled"),
    *("invitee_no_show.created", "invitee_no_show.deleted"),
)
SCOPE = "organization"
SECONDS, PAGE = 20.0, 100
CURES = {
    401: "the token is not known or has expired: make a new one in Calendly, Integrations & apps,"
    " API & webhooks, and set CALENDLY_TOKEN",
    403: "the token's owner may not: webhooks need a paid plan of Calendly, and an owner or admin"
    " of the organization",
    429: "too many requests: repeat in a minute",
}


class SubscriptionError(Exception):
    """Calendly has not taken the subscription; the message says why and what to do."""


@dataclass(frozen=True)
class Subscription:
    """`made` is false for one that was there; `missing` are events that it does not deliver."""

    uri: str
    made: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """Calendly's API at `url`, as the token's owner."""

    url: str
    token: str

    def call(self, method: str, path: str, **given: Any) -> Document:
        import requests

        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = requests.request(
                method,
                f"{self.url}{path}",
                headers=headers,
                timeout=SECONDS,
                allow_redirects=False,
                **given,
            )
        except requests.RequestException as error:
            raise SubscriptionError(
                f"Calendly does not answer at {self.url}: check the network and CALENDLY_API_URL"
                f" ({type(error).__name__})"
            ) from error
        if answer.status_code < 300:
            return dict(answer.json()) if answer.content else {}
        raise SubscriptionError(_refusal(answer.status_code, answer.text))


def ensure(account: Account, webhook: str, signing_key: str | None) -> Subscription:
    """One active subscription of the webhook's address; one that is there already is kept."""
    me = account.call("GET", "/users/me")["resource"]
    organization = me["current_organization"]
    for each in _all(account, organization):
        if each["callback_url"].partition("?")[0] != webhook:  # the rest tells a second one apart
            continue
        if each["state"] == "active":
            missing = tuple(event for event in EVENTS if event not in each["events"])
            return Subscription(each["uri"], made=False, missing=missing)
        # Disabled for ever: Calendly enables none again.
        account.call("DELETE", f"/webhook_subscriptions/{each['uri'].rpartition('/')[2]}")
    asked = {
        "url": webhook,
        "events": list(EVENTS),
        "organization": organization,
        "scope": SCOPE,
        **({"signing_key": signing_key} if signing_key else {}),
    }
    made = account.call("POST", "/webhook_subscriptions", json=asked)["resource"]
    return Subscription(made["uri"], made=True)


def by_hand(webhook: str, secret: str) -> str:
    """How somebody without the console's help subscribes the webhook."""
    return (
        f"Subscribe {webhook} in Calendly to {', '.join(EVENTS)} with the signing key that"
        f" `aws secretsmanager get-secret-value --secret-id {secret} --query SecretString --output"
        " text` shows (the first, before a comma); or set CALENDLY_TOKEN to a personal access"
        " token, and repeat the apply: that does it"
    )


def _all(account: Account, organization: str) -> Iterator[Document]:
    page = account.call(
        "GET",
        "/webhook_subscriptions",
        params={"organization": organization, "scope": SCOPE, "count": PAGE},
    )
    while True:
        yield from page["collection"]
        token = page["pagination"].get("next_page_token")
        if not token:
            return
        asked = {"organization": organization, "scope": SCOPE, "count": PAGE, "page_token": token}
        page = account.call("GET", "/webhook_subscriptions", params=asked)


def _refusal(status: int, text: str) -> str:
    cure = CURES.get(status, "mend that, and repeat the apply")
    return f"Calendly answers {status}: {text[:300].strip()}\n{cure}"
