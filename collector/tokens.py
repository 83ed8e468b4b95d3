"""Tokens: how a program comes in without signing in. The database holds only their hash.

A token is of one site, may what its scopes say and nothing else, and expires. It is sent as
`Authorization: Bearer netiv_…`, and only addresses for programs take it (see current.py).
"""

import logging
import secrets
import time
from dataclasses import dataclass

from collector.accounts import Holder
from collector.fields import BadField, N_
from collector.signin import FRESH, hash_token

PREFIX = "netiv_"  # so that people and scanners of repositories know what they found
DAY = 86_400_000
# what each lets do
SCOPES = {"stats:read": frozenset({"read", "read result"}), "flags:evaluate": frozenset({"evaluate"}),
          "experiments:write": frozenset({"read", "read result", "experiment"}),
          "contacts:write": frozenset({"import"}), "site:write": frozenset({"read", "change"})}
TITLES = {"stats:read": N_("Read reports"), "flags:evaluate": N_("Ask which variant to show"),
          "experiments:write": N_("Define, start and stop experiments"),
          "contacts:write": N_("Bring in contacts and real orders"), "site:write": N_("Change campaign links and the backlog of pain points")}
DAYS = (30, 90, 365)  # to choose from; the command line takes any number up to the last
log = logging.getLogger("netiv.tokens")


class BadToken(BadField):
    """A field of a token is wrong."""


@dataclass(frozen=True)
class Token:
    id: int
    site_id: int
    name: str
    scopes: tuple[str, ...]
    created_at: int
    expires_at: int
    used_at: int | None  # to within FRESH milliseconds

    @property
    def expired(self):
        return self.expires_at <= _now()

    @property
    def holder(self):
        """Who comes with this token, as accounts.can() knows them."""
        return Holder(self.site_id, frozenset().union(*(SCOPES[scope] for scope in self.scopes)), self.name)


def make(store, site, name, scopes, days=90):
    """A new token's text, to be shown once. Raises BadToken."""
    name = " ".join(name.split())
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if not 1 <= len(name) <= 100:
        raise BadToken("token_name", N_("is empty or longer than 100 characters; write which program it is for"))
    if unknown or not scopes:
        raise BadToken("scope", N_("%(typed)s is unknown; choose from %(choices)s"),
                       typed=(unknown or ["nothing"])[0][:40], choices=", ".join(SCOPES))
    if not 1 <= days <= DAYS[-1]:
        raise BadToken("days", N_("is not a number of days from 1 to %(most)s"), most=DAYS[-1])
    text, now = PREFIX + secrets.token_urlsafe(32), _now()
    with store.facts as db:
        db["tokens"].insert({"token_hash": hash_token(text), "site_id": site.id, "name": name,
                             "scopes": ",".join(scope for scope in SCOPES if scope in scopes),
                             "created_at": now, "expires_at": now + days * DAY})
    return text


def find(store, text):
    """The Token of that text while it counts, or None."""
    now = _now()
    rows = store.ask("collector/token", token_hash=hash_token(text), now=now)
    if not rows:
        return None
    if (rows[0].used_at or 0) < now - FRESH:
        _note_use(store, rows[0].id, now)
    return _token(rows[0])


def of(store, site):
    """Every token of a site, the expired too, newest first."""
    return [_token(row) for row in store.ask("collector/tokens", site=site.id)]


def revoke(store, site, token_id):
    """Ends a token of the site at once; the Token it was, or None when there is none."""
    gone = next((token for token in of(store, site) if token.id == token_id), None)
    with store.facts as db:
        db.execute("delete from tokens where id = ? and site_id = ?", [token_id, site.id])
    return gone


def _note_use(store, token_id, now):
    try:
        with store.facts as db:
            db["tokens"].update(token_id, {"used_at": now})
    except store.Error as error:  # a full disk must not keep anyone from reading
        log.warning("when a token was used could not be noted: %s", error)


def _token(row):
    return Token(row.id, row.site_id, row.name, tuple(row.scopes.split(",")), row.created_at, row.expires_at, row.used_at)


def _now():
    return int(time.time() * 1000)
