"""Pages about a site that are no report: the list, a new one, its settings, goals and people."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector import accounts, audit, current, links, script, sites, snippet, tokens
from collector.current import needs, open_to_all, store
from collector.fields import BadField, N_
from collector.locale import said

blueprint = Blueprint("sites", __name__)

FIELDS = ("name", "domain", "timezone", "currency")
RULES = {"gpc": N_("Browsers that send Global Privacy Control"), "dnt": N_("Browsers that send Do Not Track"),
         "bot": N_("Crawlers, monitors and other programs")}


@blueprint.get("/")
@open_to_all
def home():
    """The only site of whoever asks, or the list to choose from."""
    if not current.actor:
        return redirect(url_for("account.sign_in"))
    mine = _mine()
    if len(mine) == 1:
        return redirect(url_for("maps.home", key=mine[0].key))
    return render_template("sites/list.html", sites=mine)


@blueprint.get("/sites/")
def all_mine():
    return render_template("sites/list.html", sites=_mine())


@blueprint.route("/sites/new", methods=["GET", "POST"])
@needs("add site")
def new():
    typed = {name: request.form.get(name, {"timezone": "Asia/Jerusalem", "currency": "ILS"}.get(name, ""))
             for name in FIELDS}
    errors = {}
    if request.method == "POST":
        try:
            site = sites.add(store, **typed)
            accounts.set_role(store, g.actor, site, "owner")
            audit.record(store, g.actor, "added site", site.key)
            return redirect(url_for("sites.settings", key=site.key))
        except BadField as error:
            errors = {error.field: said(error)}
    return render_template("sites/new.html", typed=typed, errors=errors,
                           timezones=_zones()), 400 if errors else 200


@blueprint.get("/sites/<key>/settings")
def settings(key):
    return _settings()


@blueprint.post("/sites/<key>/settings")
def change(key):
    typed = {name: request.form.get(name, getattr(g.site, name)) for name in FIELDS}
    return _try(lambda: sites.change(store, g.site, **typed), _("Saved."), "changed site", typed=typed)


@blueprint.post("/sites/<key>/goals")
def add_goal(key):
    typed = {name: request.form.get(name, "") for name in ("goal_name", "kind", "pattern")}
    return _try(lambda: sites.add_goal(store, g.site, typed["goal_name"], typed["kind"], typed["pattern"]),
                _("The goal is counted from now on."), "added goal", goal=typed)


@blueprint.post("/sites/<key>/goals/<int:goal>/remove")
def remove_goal(key, goal):
    return _try(lambda: sites.remove_goal(store, g.site, goal), _("The goal is gone."), "removed goal")


@blueprint.post("/sites/<key>/exclusions")
def exclusions(key):
    off = [rule for rule in RULES if rule not in request.form.getlist("rule")]
    return _try(lambda: sites.change(store, g.site, exclusions_off=off), _("Saved."),
                "changed what is left out", detail=f"not: {', '.join(off)}" if off else "")


@blueprint.post("/sites/<key>/people/invite")
@needs("people")
def invite(key):
    """Makes a one-time link and shows it once: the database only knows its hash."""
    role = request.form.get("role", "viewer")
    if role not in accounts.ROLES:
        return _settings(errors={"role": _("Choose owner or viewer.")}), 400
    token = links.make(store, "invitation", site=g.site.key, role=role)
    audit.record(store, g.actor, "invited", f"{g.site.key} {role}")
    return _settings(invitation=url_for("account.invitation", token=token, _external=True))


@blueprint.post("/sites/<key>/people/withdraw")
@needs("people")
def withdraw(key):
    mine = {token_hash for token_hash, detail, _ in _invitations()}
    if request.form.get("invitation") in mine:
        links.withdraw(store, "invitation", request.form["invitation"])
        audit.record(store, g.actor, "withdrew invitation", g.site.key)
    return redirect(url_for("sites.settings", key=key) + "#people")


@blueprint.post("/sites/<key>/people/<int:user>/remove")
@needs("people")
def remove_person(key, user):
    person = accounts.by_id(store, user)
    if person is None or g.site.id not in person.roles:
        return _settings(errors={"people": _("This person is not here any more.")}), 404
    return _try(lambda: accounts.set_role(store, person, g.site, None), _("Removed."), "removed user",
                "people", person.email)


@blueprint.post("/sites/<key>/tokens")
@needs("tokens")
def add_token(key):
    """Makes a token and shows it once: the database only knows its hash."""
    typed = {"token_name": request.form.get("token_name", ""), "scopes": request.form.getlist("scope"),
             "days": request.form.get("days", type=int) or 0}
    try:
        text = tokens.make(store, g.site, typed["token_name"], typed["scopes"], typed["days"])
    except BadField as error:
        return _settings(errors={error.field: said(error)}, token=typed), 400
    audit.record(store, g.actor, "made token", f"{key} {typed['token_name'].strip()}")
    return _settings(token_text=text)


@blueprint.post("/sites/<key>/tokens/<int:token>/revoke")
@needs("tokens")
def revoke_token(key, token):
    gone = tokens.revoke(store, g.site, token)
    if gone:
        audit.record(store, g.actor, "revoked token", f"{key} {gone.name}")
        flash(_("The token is revoked."))
    return redirect(url_for("sites.settings", key=key) + "#tokens-title")


@blueprint.post("/sites/<key>/delete")
@needs("delete")
def delete(key):
    if request.form.get("confirm", "").strip() != g.site.domain:
        return _settings(errors={"confirm": _("Type %(domain)s to delete the site.", domain=g.site.domain)}), 400
    sites.remove(store, g.site)
    audit.record(store, g.actor, "deleted site", f"{key} {g.site.domain}")
    flash(_("%(name)s and everything collected for it is deleted.", name=g.site.name))
    return redirect(url_for("sites.all_mine"))


def _mine():
    return [site for site in sites.all_sites(store) if current.accounts.can(g.actor, "read", site)]


def _zones():
    return [(name, name.replace("_", " ")) for name in sites.timezones()]


def _try(act, saved, action, where="", detail="", **typed):
    """Does it and goes back to the settings, or shows them with what was typed and what is wrong."""
    try:
        act()
    except BadField as error:
        return _settings(errors={where or error.field: said(error)}, **typed), 400
    audit.record(store, g.actor, action, f"{g.site.key} {detail}".rstrip())
    flash(saved)
    return redirect(url_for("sites.settings", key=g.site.key))


def _settings(errors=None, typed=None, goal=None, invitation="", token=None, token_text=""):
    fields = {name: getattr(g.site, name) for name in FIELDS}
    with_experiments = bool(store.ask("collector/experiments_under_way", site=g.site.id)[0].count)
    return render_template(
        "sites/settings.html", errors=errors or {}, typed=typed or fields, goal=goal or {},
        goals=sites.goals(store, g.site), our_goals=sites.OUR_GOALS, timezones=_zones(), rules=RULES, invitation=invitation,
        snippets=snippet.variants(request.host_url, g.site.key, script.built(), with_experiments),
        with_experiments=with_experiments,
        members=accounts.members(store, g.site),
        invitations=_invitations(), waiting=g.site.first_event_at is None,
        tokens=tokens.of(store, g.site) if current.can("tokens") else (), token_text=token_text,
        token=token or {"scopes": ["stats:read"], "days": 90}, scopes=tokens.TITLES,
        day_choices=[(days, _("%(days)s days", days=days)) for days in tokens.DAYS],
        api=url_for("api.report", key=g.site.key, name="overview", _external=True))


def _invitations():
    return [link for link in links.waiting(store, "invitation") if link[1]["site"] == g.site.key]
