"""Links that show one result to people without an account. The database holds only their hash.

Whoever comes with one may read that result and nothing else: no rows of visitors, no form, no other page.
"""

import logging
import secrets
import time
from dataclasses import dataclass

from collector.accounts import Holder
from collector.fields import BadField, N_
from collector.signin import FRESH, hash_token

DAY = 86_400_000
DAYS = (7, 30, 90)  # to choose from
READER = frozenset({"read result"})  # all that a holder may
log = logging.getLogger("netiv.shares")


class BadShare(BadField):
    """A field of a link is wrong."""


@dataclass(frozen=True)
class Share:
    id: int
    name: str  # for whom
    made_by: str
    created_at: int
    expires_at: int
    used_at: int | None  # to within FRESH milliseconds

    @property
    def expired(self):
        return self.expires_at <= _now()


def make(store, record, name, days, who):
    """A new link's token, to be shown once. Raises BadShare."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 100:
        raise BadShare("link_name", N_("is empty or longer than 100 characters; write for whom the link is"))
    if days not in DAYS:
        raise BadShare("days", N_("%(typed)s is unknown; write one of %(choices)s"), typed=days, choices=", ".join(map(str, DAYS)))
    token, now = secrets.token_urlsafe(32), _now()
    with store.facts as db:
        db["experiment_links"].insert({"token_hash": hash_token(token), "experiment_id": record.id, "name": name, "made_by": who,
                                       "created_at": now, "expires_at": now + days * DAY})
    return token


def find(store, token):
    """(key of the site, key of the experiment, when it ended or None) of a link, or None when there is none."""
    now = _now()
    rows = store.ask("experiments/link", token_hash=hash_token(token))
    if not rows:
        return None
    if rows[0].expires_at <= now:
        return rows[0].site, rows[0].experiment, rows[0].expires_at
    if (rows[0].used_at or 0) < now - FRESH:
        _note_use(store, rows[0].id, now)
    return rows[0].site, rows[0].experiment, None


def holder(site):
    """Who comes with a link, as accounts.can() knows them."""
    return Holder(site.id, READER)


def of(store, record):
    """Every Share of an experiment, the expired too, newest first."""
    return [Share(*row) for row in store.ask("experiments/links", experiment=record.id)]


def revoke(store, record, link_id):
    """Ends a link at once; the Share it was, or None when there is none."""
    gone = next((each for each in of(store, record) if each.id == link_id), None)
    with store.facts as db:
        db.execute("delete from experiment_links where id = ? and experiment_id = ?", [link_id, record.id])
    return gone


def _note_use(store, link_id, now):
    try:
        with store.facts as db:
            db["experiment_links"].update(link_id, {"used_at": now})
    except store.Error as error:  # a full disk must not keep anyone from reading
        log.warning("when a link was used could not be noted: %s", error)


def _now():
    return int(time.time() * 1000)
