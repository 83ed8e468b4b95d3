"""Pages about the person who asks: first set-up, signing in and out, one-time links, the account."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask import session as form_cookie
from flask_babel import gettext as _

from collector import accounts, audit, current, device, links, signin, sites
from collector.current import needs, open_to_all, store
from collector.fields import BadField
from collector.locale import LANGUAGES, said

blueprint = Blueprint("account", __name__)

COOKIE_SECONDS = signin.LONGEST // 1000
SET_UP = {"email": "", "name": "", "site_name": "", "domain": "", "timezone": "Asia/Jerusalem", "currency": "ILS"}


@blueprint.get("/sign-in")
@open_to_all
def sign_in():
    if current.actor:
        return redirect(_inside(request.args.get("next")))
    if not accounts.any_user(store):
        return render_template("accounts/first.html")
    return render_template("accounts/sign_in.html", typed=request.args, errors={})


@blueprint.post("/sign-in")
@open_to_all
def do_sign_in():
    typed = {name: request.form.get(name, "") for name in ("email", "next")}
    try:
        user = signin.with_password(store, typed["email"], request.form.get("password", ""),
                                    account=current.hashed("account " + typed["email"].strip()),
                                    address=current.hashed("address " + current.address()))
    except signin.TooManyTries as error:
        message = _("Too many tries. Wait %(minutes)s minutes and try again.", minutes=-(-error.seconds // 60))
        return render_template("accounts/sign_in.html", typed=typed, errors={"email": message}), 429, \
            {"Retry-After": str(error.seconds)}
    if user is None:
        message = _("This e-mail and password do not belong together.")
        return render_template("accounts/sign_in.html", typed=typed, errors={"password": message}), 401
    return _signed_in(user, _inside(typed["next"]))


@blueprint.post("/sign-out")
@open_to_all
def sign_out():
    if current.actor:
        signin.end(store, g.actor, g.sign_in.token_hash)
    answer = redirect(url_for("account.sign_in"))
    answer.delete_cookie(current.cookie_name("netiv"), secure=request.is_secure, httponly=True, samesite="Lax")
    # the back-forward cache must not show it to who sits down next
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@blueprint.route("/setup/<token>", methods=["GET", "POST"])
@open_to_all
def setup(token):
    """The owner and the first site on one page; works once, and only while there is no user."""
    if links.find(store, "setup", token) is None or accounts.any_user(store):
        return render_template("accounts/used.html"), 404
    typed = {name: request.form.get(name, start) for name, start in SET_UP.items()}
    errors = _set_up_errors(typed) if request.method == "POST" else {}
    if request.method == "GET" or errors:
        return render_template("accounts/setup.html", typed=typed, errors=errors,
                               timezones=[(name, name) for name in sites.timezones()]), 400 if errors else 200
    if links.use(store, "setup", token) is None:
        return render_template("accounts/used.html"), 404
    user = accounts.add(store, typed["email"], typed["name"], request.form["password"], may_add_sites=True)
    site = sites.add(store, typed["site_name"], typed["domain"], typed["timezone"], typed["currency"])
    accounts.set_role(store, user, site, "owner")
    audit.record(store, user, "set up", site.key)
    return _signed_in(user, url_for("sites.settings", key=site.key))


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@open_to_all
def invitation(token):
    """Joins a site: with the account signed in, else with a new one."""
    detail = links.find(store, "invitation", token)
    site = detail and sites.by_key(store, detail["site"])
    if not site:
        return render_template("accounts/used.html"), 404
    typed = {name: request.form.get(name, "") for name in ("email", "name")}
    page = {"invited_to": site, "role": detail["role"], "typed": typed, "token": token}
    if request.method == "GET":
        return render_template("accounts/invitation.html", errors={}, **page)
    user, errors = _guest(typed)
    if errors:
        return render_template("accounts/invitation.html", errors=errors, **page), 400
    if links.use(store, "invitation", token) is None:
        return render_template("accounts/used.html"), 404
    user = user or accounts.add(store, typed["email"], typed["name"], request.form["password"])
    if site.id not in user.roles:
        accounts.set_role(store, user, site, detail["role"])
    audit.record(store, user, "joined", f"{site.key} {detail['role']}")
    return redirect("/") if current.actor else _signed_in(user, "/")


@blueprint.get("/enter/<token>")
@open_to_all
def enter(token):
    """The demo's link: signs in without a password, once. Where no demo is, no such link was made."""
    detail = links.use(store, "demo", token)
    user = detail and accounts.by_email(store, detail["email"])
    if user:
        return _signed_in(user, "/", how="demo link")
    return redirect("/") if current.actor else (render_template("accounts/used.html"), 404)


@blueprint.get("/account")
def account():
    return _account({})


@blueprint.post("/account/password")
def password():
    user = g.actor
    try:
        right = signin.with_password(store, user.email, request.form.get("current", ""),
                                     account=current.hashed("account " + user.email),
                                     address=current.hashed("address " + current.address()))
        if not right:
            return _account({"current": _("This is not your password.")}), 400
        accounts.set_password(store, user, request.form.get("password", ""))
    except signin.TooManyTries:
        return _account({"current": _("Too many tries. Wait a few minutes.")}), 429
    except BadField as error:
        return _account({"password": said(error)}), 400
    audit.record(store, user, "changed password")
    flash(_("The password is changed. Every other device is signed out."))
    return _signed_in(user, url_for("account.account"))


@blueprint.post("/account/language")
def language():
    wish = request.form.get("language", "")
    if wish not in LANGUAGES and wish != "":
        abort(400)
    accounts.set_language(store, g.actor, wish)
    return redirect(url_for("account.account"))


@blueprint.post("/account/devices")
def devices():
    """Ends one signing-in by its hash, or with "all" every one but this."""
    wish = request.form.get("end", "")
    for row in signin.of(store, g.actor):
        if wish == row.token_hash or (wish == "all" and row.token_hash != g.sign_in.token_hash):
            signin.end(store, g.actor, row.token_hash)
    return redirect(url_for("account.account"))


@blueprint.get("/account/log")
@needs("read log")
def log():
    return render_template("accounts/log.html", entries=audit.latest(store))


def _account(errors):
    return render_template("accounts/account.html", errors=errors, here=g.sign_in.token_hash,
                           sign_ins=signin.of(store, g.actor))


def _signed_in(user, to, how="password"):
    form_cookie.pop("csrf", None)
    answer = redirect(to)
    answer.set_cookie(current.cookie_name("netiv"), signin.begin(store, user, _agent(), how), path="/",
                      max_age=COOKIE_SECONDS, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer


def _set_up_errors(typed):
    """What is wrong with each field of the set-up page: {field: message}."""
    checks = {"email": lambda: accounts.good_email(typed["email"]), "name": lambda: accounts.good_name(typed["name"]),
              "password": lambda: accounts.good_password(request.form.get("password", ""), typed["email"]),
              "site_name": lambda: sites.good_name(typed["site_name"]),
              "domain": lambda: sites.bare_host(typed["domain"]),
              "timezone": lambda: sites.good_timezone(typed["timezone"]),
              "currency": lambda: sites.good_currency(typed["currency"])}
    return _failed(checks)


def _guest(typed):
    """(the user signed in, or None, and what is wrong with the fields of a new one)."""
    if current.actor:
        return g.actor, {}
    return None, _failed({
        "email": lambda: accounts.free_email(store, typed["email"]),
        "name": lambda: accounts.good_name(typed["name"]),
        "password": lambda: accounts.good_password(request.form.get("password", ""), typed["email"])})


def _failed(checks):
    errors = {}
    for name, check in checks.items():
        try:
            check()
        except BadField as error:
            errors[name] = said(error)
    return errors


def _inside(address):
    """Where to go next: a page of ours, whatever the address says."""
    safe = address and address.startswith("/") and address[1:2] not in ("/", "\\") and address.isprintable()
    return address if safe else "/"


def _agent():
    """The device that signs in, in a few words: Chrome, Windows."""
    seen = device.parse(device.cut(request.user_agent.string))
    return ", ".join(filter(None, (seen.browser, seen.os)))
