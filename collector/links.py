"""One-time links: set-up, invitation, signing in without a password. The database holds only their hash."""

import json
import secrets
import time

from collector.signin import hash_token

HOUR = 3_600_000
PURPOSES = {"setup": 24 * HOUR, "invitation": 7 * 24 * HOUR, "demo": 24 * HOUR}  # and how long each lives


def make(store, purpose, **detail):
    """A new link's token. `detail` comes back from find()."""
    token = secrets.token_urlsafe(32)
    with store.facts as db:
        db.execute("delete from links where expires_at < ?", [_now()])
        db["links"].insert({"token_hash": hash_token(token), "purpose": purpose, "detail": json.dumps(detail),
                            "expires_at": _now() + PURPOSES[purpose]})
    return token


def find(store, purpose, token):
    """The detail of a link that may still be used, or None."""
    rows = store.ask("collector/link", token_hash=hash_token(token), purpose=purpose, now=_now())
    return json.loads(rows[0].detail) if rows else None


def use(store, purpose, token):
    """Uses a link up: its detail to the first who asks, None to everyone after."""
    detail = find(store, purpose, token)
    with store.facts as db:
        used = db.execute("delete from links where token_hash = ? and purpose = ?", [hash_token(token), purpose])
        return detail if used.rowcount else None


def waiting(store, purpose):
    """Links not yet used: (token_hash, detail, expires_at), the next to expire first."""
    return [(row.token_hash, json.loads(row.detail), row.expires_at)
            for row in store.ask("collector/links", purpose=purpose, now=_now())]


def withdraw(store, purpose, token_hash=None):
    """Ends one link of a purpose, or all."""
    with store.facts as db:
        db.execute("delete from links where purpose = ? and token_hash = ifnull(?, token_hash)", [purpose, token_hash])


def _now():
    return int(time.time() * 1000)
