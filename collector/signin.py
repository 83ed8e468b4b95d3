"""Being signed in: kept on the server, so that it can be listed and ended; and the throttle before it."""

import hashlib
import logging
import secrets
import time

from collector import accounts, audit

DAY = 86_400_000
LONGEST, IDLE = 90 * DAY, 30 * DAY  # ends so long after signing in, and after last being used
FRESH = 300_000  # seen_at is written again after so many milliseconds
WINDOW = 15 * 60_000
TRIES_ACCOUNT, TRIES_ADDRESS = 10, 30  # within the window
log = logging.getLogger("netiv.signin")


class TooManyTries(Exception):
    """`seconds` until it may be tried again."""

    def __init__(self, seconds):
        super().__init__(f"too many tries to sign in; wait {seconds} seconds")
        self.seconds = seconds


def with_password(store, email, password, account, address):
    """The user with that e-mail and password, or None. Raises TooManyTries.

    `account` and `address` are keyed hashes of the e-mail and of the caller's address.
    """
    _throttle(store, account, address)
    user = accounts.by_email(store, email)
    if not accounts.password_is_right(store, user, password):
        audit.record(store, user, "sign-in refused")
        return None
    with store.facts as db:  # a try that was right counts against nobody
        db.execute("delete from throttle where who = ?", [account])
        db.execute("delete from throttle where rowid = (select max(rowid) from throttle where who = ?)", [address])
    return user


def begin(store, user, agent, how="password"):
    """Signs a user in and gives the cookie's token. `agent` is a word on the device, as "Chrome, Windows"."""
    token, now = secrets.token_urlsafe(32), _now()
    with store.facts as db:
        db.execute("delete from sign_ins where created_at < ? or seen_at < ?", [now - LONGEST, now - IDLE])
        db["sign_ins"].insert({"token_hash": hash_token(token), "user_id": user.id, "created_at": now, "seen_at": now,
                               "agent": agent[:80], "csrf": secrets.token_urlsafe(24)})
    audit.record(store, user, "signed in", how)
    return token


def find(store, token):
    """The row of a token that still counts, or None."""
    now = _now()
    rows = store.ask("collector/sign_in", token_hash=hash_token(token), **_since(now))
    if not rows:
        return None
    if rows[0].seen_at < now - FRESH:
        _note_use(store, rows[0].token_hash, now)
    return rows[0]


def _note_use(store, token_hash, now):
    try:
        with store.facts as db:
            db["sign_ins"].update(token_hash, {"seen_at": now})
    except store.Error as error:  # a full disk must not keep anyone from reading
        log.warning("when a sign-in was used could not be noted: %s", error)


def of(store, user):
    """Where a user is signed in, latest first: rows of sign_ins."""
    return store.ask("collector/sign_ins", user=user.id, **_since(_now()))


def end(store, user, token_hash=None):
    """Ends one signing-in of a user, or all. Gives how many ended."""
    with store.facts as db:
        ended = db.execute("delete from sign_ins where user_id = ? and token_hash = ifnull(?, token_hash)",
                           [user.id, token_hash]).rowcount
    audit.record(store, user, "signed out", f"{ended}")
    return ended


def hash_token(token):
    return hashlib.sha256(token.encode()).hexdigest()


def _throttle(store, account, address):
    """Counts the try before it is made: many at once are no way round it."""
    now = _now()
    with store.facts as db:
        db.execute("delete from throttle where at <= ?", [now - WINDOW])
        for who, most in ((account, TRIES_ACCOUNT), (address, TRIES_ADDRESS)):
            tries, oldest = db.execute("select count(*), min(at) from throttle where who = ?", [who]).fetchone()
            if tries >= most:
                raise TooManyTries((oldest + WINDOW - now) // 1000 + 1)
        db["throttle"].insert_all([{"who": account, "at": now}, {"who": address, "at": now}])


def _since(now):
    return {"created_after": now - LONGEST, "seen_after": now - IDLE}


def _now():
    return int(time.time() * 1000)
