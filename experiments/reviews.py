"""What reviewers say of a result: comments, approvals and objections. Added to and never changed; the table refuses it too."""

import time
from dataclasses import dataclass

from collector.fields import BadField, N_

KINDS = {"comment": N_("Comment"), "approval": N_("I agree with the verdict"), "objection": N_("I object")}
LONGEST = 4000


class BadReview(BadField):
    """A field of a review is wrong."""


@dataclass(frozen=True)
class Review:
    at: int
    who: str
    kind: str  # one of KINDS
    text: str
    verdict: str  # what the page said when it was written
    visitors: int  # and of how many visitors


def add(store, record, who, kind, text, result, now=None):
    """Writes down a Review of the Result that was on the page. Raises BadReview."""
    text = text.strip()
    if kind not in KINDS:
        raise BadReview("kind", N_("%(typed)s is unknown; write one of %(choices)s"), typed=kind or "-", choices=", ".join(KINDS))
    if len(text) > LONGEST:
        raise BadReview("text", N_("is longer than %(longest)s characters"), longest=LONGEST)
    if not text and kind != "approval":
        raise BadReview("text", N_("is missing; say what you saw"))
    with store.facts as db:
        db["experiment_reviews"].insert({"experiment_id": record.id, "at": now or int(time.time() * 1000), "who": who, "kind": kind,
                                         "text": text, "verdict": result.verdict, "visitors": result.visitors})


def of(store, record):
    """Every Review of an experiment, first to last."""
    return [Review(*row) for row in store.ask("experiments/reviews", experiment=record.id)]
