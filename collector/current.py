"""Who asks, and about which site: worked out and checked before any view runs.

A view needs a signed-in user unless it is marked @open_to_all. A view whose
address has <key> is about a site: reading it takes the action "read", any other
method "change", unless the view is marked @needs(action). Blueprints named
`outside` (the tracker's addresses, the demo shop) are not part of this.

Addresses for programs, and no others, take a token in place of a sign-in:
`Authorization: Bearer netiv_…`. Then cookies count for nothing, and so no form
token is asked for.
"""

import hashlib
import hmac
import secrets

from flask import abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.local import LocalProxy

from collector import accounts, signin, sites, tokens
from collector.fields import N_

SAFE = {"GET", "HEAD", "OPTIONS"}

store = LocalProxy(lambda: current_app.extensions["netiv-store"])
actor = LocalProxy(lambda: _actor())  # a User, the Holder of a token, or None when nobody is known
site = LocalProxy(lambda: g.get("site"))  # the site of the address, or None


class FormCookie(SecureCookieSessionInterface):
    """Flask's own session: notices, and the form token of those not signed in yet."""

    def get_cookie_name(self, app):
        return cookie_name("netiv-form")

    def get_cookie_secure(self, app):
        return request.is_secure


def set_up(app, store, outside):
    """Puts the checks before every view of `app`. `outside` are names of blueprints they leave alone."""
    app.extensions["netiv-store"] = store
    app.extensions["netiv-outside"] = frozenset(outside)
    app.session_interface = FormCookie()
    app.before_request(_check)
    app.context_processor(lambda: {"actor": actor, "site": site, "csrf_token": csrf_token, "can": can})


def open_to_all(view):
    """Marks a view that nobody needs to sign in for."""
    view.open_to_all = True
    return view


def needs(action):
    """Marks a view with the action that accounts.can() must allow."""
    def mark(view):
        view.action = action
        return view
    return mark


def can(action, site=...):
    """May whoever asks do this to `site`, by default the one shown; None is the installation."""
    return accounts.can(_actor(), action, g.get("site") if site is ... else site)


def who():
    """Whoever asks as written down beside what they made: the e-mail, or the name of a token."""
    return actor.name if isinstance(_actor(), accounts.Holder) else actor.email


def sent(refusal, texts, others=()):
    """The object in the request's body: texts under the names of `texts`, anything under those of `others`. Raises `refusal`, a BadField."""
    body, known = request.get_json(silent=True), (*texts, *others)
    if not isinstance(body, dict):
        raise refusal("body", N_("is no object; send one as application/json"))
    for name, value in body.items():
        if name not in known:
            raise refusal("body", N_("%(typed)s is unknown; write one of %(choices)s"), typed=name[:40], choices=", ".join(known))
        if name in texts and not isinstance(value, str):
            raise refusal(name, N_("is no text"))
    return body


def user():
    """The User who asks, or None of a program: whom the audit log names."""
    return None if isinstance(_actor(), accounts.Holder) else _actor()


def is_outside():
    """Is this request for something that is not a page of ours?"""
    return request.endpoint is not None and (
        request.endpoint == "static" or request.blueprint in current_app.extensions["netiv-outside"])


def for_programs():
    """Is this an address that programs ask, with a token if they like?"""
    return request.path.startswith("/api/")


def wants_json():
    return for_programs() or request.accept_mimetypes.best_match(
        ["text/html", "application/json"], "text/html") == "application/json"


def cookie_name(name):
    """With https the browser is told to take the cookie from this very host only."""
    return f"__Host-{name}" if request.is_secure else name


def address():
    return request.remote_addr or ""


def csrf_token():
    """The token every form carries: the sign-in's own, before that one of the form cookie."""
    if g.get("sign_in"):
        return g.sign_in.csrf
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return session["csrf"]


def _check():
    if request.endpoint is None or is_outside():
        return None
    view = current_app.view_functions[request.endpoint]
    _refuse_other_sites_requests()
    who = _actor()
    if who is None and not hasattr(view, "open_to_all"):
        return _unknown() if wants_json() or request.method not in SAFE else redirect(
            url_for("account.sign_in", next=request.full_path.rstrip("?")))
    if request.method not in SAFE and _token_sent() is None:
        _check_form_token()
    if not hasattr(view, "open_to_all"):
        _check_right(who, view)
    return None


def _unknown():
    """401, and to programs how they may say who they are."""
    if not for_programs():
        abort(401)
    wrong = N_("This token is unknown, expired or revoked.") if _token_sent() else N_("Sign in first, or send a token.")
    raise Unauthorized(wrong, www_authenticate=WWWAuthenticate("bearer"))


def _check_right(who, view):
    action = getattr(view, "action", None)
    if "key" in request.view_args:
        g.site = sites.by_key(store, request.view_args["key"])
        # whether another's site exists is nobody's business
        if g.site is None or not accounts.belongs(who, g.site):
            g.site = None
            abort(404)
        action = action or ("read" if request.method in SAFE else "change")
    if action and not accounts.can(who, action, g.get("site")):
        abort(403)


def _refuse_other_sites_requests():
    """Fetch Metadata (W3C): others may link to our pages, and that is all."""
    if request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
        return
    if request.method not in SAFE or request.headers.get("Sec-Fetch-Mode") != "navigate" \
            or request.headers.get("Sec-Fetch-Dest") in ("object", "embed", "iframe", "frame"):
        abort(403)


def _check_form_token():
    sent = request.form.get("csrf") or request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(sent.encode(), csrf_token().encode()):
        abort(403, "form")


def _actor():
    if "actor" not in g:
        g.sign_in = None
        g.actor = _signed_in() if _token_sent() is None else _holder(_token_sent())
    return g.actor


def _signed_in():
    token = request.cookies.get(cookie_name("netiv"))
    g.sign_in = signin.find(store, token) if token else None
    return accounts.by_id(store, g.sign_in.user_id) if g.sign_in else None


def _holder(text):
    token = tokens.find(store, text)
    return token.holder if token else None


def _token_sent():
    """The token of this request, "" when its header holds none, or None when there is no header to look at."""
    sent = request.authorization
    if sent is None or sent.type != "bearer" or not for_programs():
        return None
    return sent.token or ""


def hashed(text):
    """A text as the throttle may keep it: keyed, so that nobody can try all addresses against it."""
    return hashlib.blake2b(text.lower().encode(), key=current_app.secret_key.encode()[:64], digest_size=16).hexdigest()
