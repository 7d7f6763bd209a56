"""What an attempt makes of a message, and of its subscription; pure.

Calendly says: it goes on for 24 hours with an exponential back-off, then disables the webhook if
another message was not delivered either; 410 deletes it at once. Neither spacing nor count is told:
the ones here are ours. https://developer.calendly.com/api-docs/overview/webhooks/webhook-errors
"""

from __future__ import annotations

from services.calendly.posting import Answer

FIRST_WAIT, LONGEST = 60.0, 24 * 3600.0
LONGEST_ANSWER = 2000  # characters of an answer that are kept
PENDING, DELIVERED, FAILED, DROPPED = "pending", "delivered", "failed", "dropped"
GONE = 410


def next_attempt(first_at: float, attempts: int, at: float) -> float | None:
    """When a message that failed is tried again: after 1, 2, 4 ... minutes, a last time at 24 h.

    `attempts` counts those made. None where its 24 hours are over.
    """
    last = first_at + LONGEST
    if at >= last:
        return None
    return min(at + FIRST_WAIT * 2.0 ** (attempts - 1), last)


def state_after(
    answer: Answer, first_at: float, attempts: int, at: float
) -> tuple[str, float | None]:
    """The message's state and when it is due again."""
    if answer.is_taken:
        return DELIVERED, None
    if answer.status == GONE:
        return DROPPED, None
    due = next_attempt(first_at, attempts, at)
    return (FAILED, None) if due is None else (PENDING, due)
