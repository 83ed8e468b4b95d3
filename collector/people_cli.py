"""netiv site and netiv user: what the settings pages do, from a terminal."""

import click

from collector import accounts, audit, signin, sites
from collector.cli import BIND, Problem, first_link, on_store, site_of

ROLE = click.Choice([*accounts.ROLES, "none"])


@click.group()
def site():
    """Sites: add, list, remove, goal."""


@site.command("add")
@click.argument("domain")
@click.option("--name", help="What you call it; the domain when left out.")
@click.option("--timezone", default="Asia/Jerusalem", show_default=True, help="Where its days begin at midnight.")
@click.option("--currency", default="ILS", show_default=True, help="Three letters.")
@click.option("--owner", metavar="EMAIL", help="A user who becomes its owner.")
@on_store
def add_site(store, domain, name, timezone, currency, owner):
    """Add the site of DOMAIN and print its key."""
    user = _user(store, owner) if owner else None
    made = sites.add(store, name or domain, domain, timezone, currency)
    if user:
        accounts.set_role(store, user, made, "owner")
    audit.record(store, None, "added site", made.key)
    click.echo(made.key)


@site.command("list")
@on_store
def list_sites(store):
    """List every site: key, domain, name, whether events came."""
    for each in sites.all_sites(store):
        click.echo(f"{each.key}\t{each.domain}\t{each.name}\t{'events' if each.first_event_at else 'no event yet'}")


@site.command("remove")
@click.argument("key")
@click.option("--yes", is_flag=True, help="Do not ask.")
@on_store
def remove_site(store, key, yes):
    """Delete the site KEY with everything collected for it."""
    found = site_of(store, key)
    if not yes:
        click.confirm(f"Delete {found.name} ({found.domain}) and everything collected for it?", abort=True)
    sites.remove(store, found)
    audit.record(store, None, "deleted site", f"{key} {found.domain}")
    click.echo(f"{found.domain} is deleted.")


@site.command("goal")
@click.argument("key")
@click.argument("kind", type=click.Choice(["event", "page"]))
@click.argument("pattern")
@click.option("--name", default="", help="What you call it; the pattern when left out.")
@click.option("--remove", is_flag=True, help="Remove this goal instead.")
@on_store
def goal(store, key, kind, pattern, name, remove):
    """Add a goal to the site KEY: an event's name, or a page's path where * stands for anything."""
    found = site_of(store, key)
    if not remove:
        sites.add_goal(store, found, name, kind, pattern)
        click.echo(f"{pattern} is counted from now on.")
        return
    same = [each for each in sites.goals(store, found) if (each.kind, each.pattern) == (kind, pattern)]
    if not same:
        raise Problem(f"pattern: {pattern} is no goal of {key}")
    sites.remove_goal(store, found, same[0].id)
    click.echo(f"{pattern} is not counted any more.")


@click.group()
def user():
    """People who sign in: add, list, role, password, sign-out, remove, first."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="How they are called.")
@click.option("--site", "key", metavar="KEY", help="A site they may see.")
@click.option("--role", type=click.Choice(accounts.ROLES), default="viewer", show_default=True,
              help="What they may do there.")
@click.option("--may-add-sites", is_flag=True, help="May add sites and read the log.")
@click.password_option(help="Asked for when left out.")
@on_store
def add_user(store, email, name, key, role, may_add_sites, password):
    """Add a user who signs in with EMAIL."""
    found = site_of(store, key) if key else None
    made = accounts.add(store, email, name, password, may_add_sites)
    if found:
        accounts.set_role(store, made, found, role)
    audit.record(store, None, "added user", made.email)
    click.echo(f"{made.email} may sign in.")


@user.command("list")
@on_store
def list_users(store):
    """List every user: e-mail, name, role at each site."""
    keys = {each.id: each.key for each in sites.all_sites(store)}
    for each in accounts.all_users(store):
        roles = ", ".join(f"{keys[site_id]}: {role}" for site_id, role in each.roles.items())
        click.echo(f"{each.email}\t{each.name}\t{roles or 'no site'}{', may add sites' if each.may_add_sites else ''}")


@user.command("role")
@click.argument("email")
@click.argument("key")
@click.argument("role", type=ROLE)
@on_store
def set_role(store, email, key, role):
    """Make EMAIL owner or viewer of the site KEY, or take it away with none."""
    accounts.set_role(store, _user(store, email), site_of(store, key), None if role == "none" else role)
    audit.record(store, None, "changed role", f"{email} {key} {role}")
    click.echo(f"{email}: {role} of {key}.")


@user.command("password")
@click.argument("email")
@click.password_option(help="Asked for when left out.")
@on_store
def set_password(store, email, password):
    """Give EMAIL a new password and sign them out everywhere."""
    accounts.set_password(store, _user(store, email), password)
    audit.record(store, None, "changed password", email)
    click.echo(f"{email} has a new password and is signed out everywhere.")


@user.command("sign-out")
@click.argument("email")
@on_store
def sign_out(store, email):
    """Sign EMAIL out everywhere."""
    ended = signin.end(store, _user(store, email))
    click.echo(f"{email} is signed out of {ended} places.")


@user.command("remove")
@click.argument("email")
@on_store
def remove_user(store, email):
    """Remove the user EMAIL. The last owner of a site stays."""
    found = _user(store, email)
    for each in sites.all_sites(store):
        if each.id in found.roles:
            accounts.set_role(store, found, each, None)
    accounts.remove(store, found)
    audit.record(store, None, "removed user", email)
    click.echo(f"{email} is removed.")


@user.command("first")
@click.option("--url", envvar="NETIV_URL", default=f"http://{BIND}", show_default=True, help="The address people open.")
@on_store
def first(store, url):
    """Print a new set-up link while nobody has an account."""
    if accounts.any_user(store):
        raise Problem("there is a user already; `netiv user add` adds another")
    click.echo(first_link(store, url))


def _user(store, email):
    found = accounts.by_email(store, email)
    if found is None:
        raise Problem(f"email: {email} has no account; `netiv user list` shows who has")
    return found
