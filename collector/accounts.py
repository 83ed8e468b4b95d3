"""Users, their passwords, and who may do what. Being signed in is signin's, one-time links are links'.

Every right goes through can(): what is not listed here is not allowed.
"""

import re
import threading
import time
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from collector.fields import BadField, N_

ROLES = ("owner", "viewer")
VIEWER = frozenset({"read", "read result", "review"})
OWNER = VIEWER | {"change", "experiment", "people", "tokens", "export", "erase", "delete", "import"}
ALLOWED = {"viewer": VIEWER, "owner": OWNER}
INSTALLATION = frozenset({"add site", "read log"})
SHORTEST, LONGEST = 10, 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's smallest for argon2id
_hashing = threading.BoundedSemaphore(2)  # each takes 19 MiB


class BadAccount(BadField):
    """A field of a user is wrong."""


@dataclass(frozen=True)
class User:
    id: int
    email: str
    name: str
    language: str
    may_add_sites: bool
    roles: dict = field(hash=False)  # site id: role


@dataclass(frozen=True)
class Holder:
    """Whoever comes with something that opens one site, and of that the actions it lists: a token."""

    site_id: int
    actions: frozenset[str]
    name: str = ""


def can(actor, action, site=None):
    """May `actor` (a User, a Holder or None) do `action` to `site`, or to the installation when None?"""
    return action in _rights(actor, site)


def belongs(actor, site):
    """May `actor` do anything at all to `site`? To all others it is as if it were not there."""
    return bool(_rights(actor, site))


def _rights(actor, site):
    """The actions open to an actor at a site, or at the installation when None."""
    if isinstance(actor, Holder):
        return actor.actions if site is not None and site.id == actor.site_id else frozenset()
    if actor is None:
        return frozenset()
    if site is None:
        return INSTALLATION if actor.may_add_sites else frozenset()
    return ALLOWED.get(actor.roles.get(site.id), frozenset())


def add(store, email, name, password, may_add_sites=False):
    """Adds a user and gives it back. Raises BadAccount."""
    row = {"email": free_email(store, email), "name": good_name(name), "may_add_sites": int(may_add_sites),
           "password_hash": hash_password(password, email), "created_at": int(time.time() * 1000)}
    with store.facts as db:
        user_id = db["users"].insert(row).last_pk
    return by_id(store, user_id)


def by_id(store, user_id):
    return _user(store, store.ask("collector/user", user=user_id, email=None))


def by_email(store, email):
    """The user with that e-mail, or None."""
    return _user(store, store.ask("collector/user", user=None, email=email.strip()))


def any_user(store):
    return bool(store.ask("collector/users"))


def all_users(store):
    return [by_id(store, row.id) for row in store.ask("collector/users")]


def members(store, site):
    """Users of a site with their role: rows of user_id, email, name, role."""
    return store.ask("collector/members", site=site.id)


def set_role(store, user, site, role):
    """Makes `user` owner or viewer of `site`, or with None takes the site away. Raises BadAccount."""
    if role is not None and role not in ROLES:
        raise BadAccount("role", N_("%(role)s is unknown; write owner or viewer"), role=role)
    with store.facts as db:
        had_owner = _has_owner(db, site)
        if role is None:
            db.execute("delete from members where user_id = ? and site_id = ?", [user.id, site.id])
        else:
            db["members"].upsert({"user_id": user.id, "site_id": site.id, "role": role}, pk=("user_id", "site_id"))
        if had_owner and not _has_owner(db, site):
            raise BadAccount("role", N_("cannot change: a site needs at least one owner"))


def _has_owner(db, site):
    return next(db.query("select 1 from members where site_id = ? and role = 'owner'", [site.id]), None) is not None


def set_language(store, user, language):
    with store.facts as db:
        db["users"].update(user.id, {"language": language})


def set_password(store, user, password):
    """Changes the password and signs the user out everywhere. Raises BadAccount."""
    hashed = hash_password(password, user.email)
    with store.facts as db:
        db["users"].update(user.id, {"password_hash": hashed})
        db.execute("delete from sign_ins where user_id = ?", [user.id])


def remove(store, user):
    with store.facts as db:
        db["users"].delete(user.id)


def password_is_right(store, user, password):
    """Takes as long for an unknown user (None) as for a wrong password, so that neither can be told."""
    rows = store.ask("collector/password", user=user.id) if user else ()
    with _hashing:
        try:
            return _hasher.verify(rows[0].password_hash if rows else _nobodys_hash(), password) and bool(rows)
        except (Argon2Error, InvalidHashError):
            return False


def hash_password(password, email=""):
    """The argon2id hash of a password good enough. Raises BadAccount."""
    good_password(password, email)
    with _hashing:
        return _hasher.hash(password)


def good_password(password, email=""):
    if len(password) < SHORTEST:
        raise BadAccount("password", N_("is too short; use at least %(shortest)s characters"), shortest=SHORTEST)
    if len(password) > LONGEST:
        raise BadAccount("password", N_("is too long; use at most %(longest)s characters"), longest=LONGEST)
    if password.lower() == email.strip().lower() or len(set(password)) < 4:
        raise BadAccount("password", N_("is too easy to guess; use a few words that do not belong together"))
    return password


def good_email(text):
    email = text.strip()
    if len(email) > 254 or not re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+", email):
        raise BadAccount("email", N_("is not an e-mail address; write one like dana@example.com"))
    return email


def free_email(store, text):
    email = good_email(text)
    if by_email(store, email):
        raise BadAccount("email", N_("%(typed)s has an account already"), typed=email)
    return email


def good_name(text):
    name = " ".join(text.split())
    if not name or len(name) > 100:
        raise BadAccount("name", N_("is empty or longer than 100 characters"))
    return name


def _user(store, rows):
    if not rows:
        return None
    row = rows[0]
    roles = {member.site_id: member.role for member in store.ask("collector/roles", user=row.id)}
    return User(row.id, row.email, row.name, row.language, bool(row.may_add_sites), roles)


_nobody = []


def _nobodys_hash():
    if not _nobody:
        _nobody.append(_hasher.hash("nobody has this password"))
    return _nobody[0]
