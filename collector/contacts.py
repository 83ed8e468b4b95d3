"""Contacts outside the page and real orders: looked at first, brought in as a whole, and taken out again as a whole.

What a row may say is contact_rows'. A contact is joined to the sessions of the
site's visitors by the owner's id of the customer, or by a code: a transaction
id, or one that the page showed (the event `contact_code`). Reports on them are
labelled *reported*: people wrote them down, nobody measured them.
"""

import json
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from collector import contact_rows
from collector.cleanup import EVENTS
from collector.contact_rows import KINDS, Refusal  # noqa: F401 readers take the kinds from here
from collector.fields import N_
from collector.memory import transaction_hash
from collector.sheet_reader import BadSheet
from collector.visitor import Visitors

AT_ONCE = 20_000  # asked for in one question
# sessions after a contact begin with it on their way through the stages, those after an order are of somebody who bought: their days
# are walked anew (walks.py); orders that were tracked change nothing
LATER_DAYS = """
    with contact as (
        select person, code_hash, at from contacts
        where import_id = :number and (kind <> 'order' or code_hash is not null and not exists (
            select 1 from orders where orders.site_id = :site and transaction_hash = code_hash))
    ),
    whose as (
        select person, at from contact
        union
        select coalesce(sessions.lasting, sessions.visitor_id), contact.at from contact
        cross join session_codes on session_codes.site_id = :site and session_codes.code_hash = contact.code_hash
        cross join sessions on sessions.site_id = :site and sessions.id = session_codes.session_id
    )
    insert into day_changes
    select :site, day, 1 from (
        select day from whose cross join sessions indexed by sessions_visitor on site_id = :site and visitor_id = person and id > at << 22
        union
        select day from whose cross join sessions indexed by sessions_lasting on site_id = :site and lasting = person and id > at << 22)
    where true
    on conflict do update set changes = changes + 1"""


class Joined(NamedTuple):
    """Of the rows that would come in: how many customers were seen on the site, and how many codes; and of how many."""

    people: int
    of_people: int
    codes: int
    of_codes: int
    tracked: int  # codes that are tracked purchases


@dataclass(frozen=True)
class Import:
    id: int
    at: int
    who: str
    what: str  # "contacts" or "orders"
    file: str
    rows: int
    refused: int
    first_day: int
    last_day: int
    undone_at: int | None
    undone_by: str | None
    kept: int  # rows that are there still


class Count(NamedTuple):
    """Contacts of one kind."""

    contacts: int
    joined: int  # by somebody whose sessions are known
    value: int  # minor units


def look(store, site, sheet, what, kind="", day_first=None, given=None, now=None):
    """What a Sheet would bring in, as a Plan; nothing is written. Raises BadSheet."""
    visitors = Visitors(store.path.parent / "keys")
    now = now or _now()
    reader = contact_rows.Reader(what, site.zone, site.currency, now - EVENTS, now, partial(visitors.customer, site),
                                 transaction_hash, kind, day_first)
    plan = contact_rows.plan(sheet, reader, given)
    known = _known(store, site, [row.fingerprint for row in plan.rows])
    again = [Refusal(row.number, BadSheet("row", N_("was brought in before, by import %(number)s"), number=known[row.fingerprint]))
             for row in plan.rows if row.fingerprint in known]
    refused = {refusal.number for refusal in again}
    return replace(plan, rows=[row for row in plan.rows if row.number not in refused],
                   refused=sorted(plan.refused + again, key=lambda refusal: refusal.number),
                   remarks=[remark for remark in plan.remarks if remark.number not in refused])


def joined(store, site, plan):
    """Who of a Plan was seen on the site, and which codes, as Joined."""
    people = {row.person for row in plan.rows} - {None}
    codes = {row.code_hash for row in plan.rows} - {None}
    found = store.ask("collector/contacts_joined", site=site.id, people=json.dumps(sorted(people)), codes=json.dumps(sorted(codes)))[0]
    return Joined(found.people, len(people), found.codes, len(codes), found.tracked)


def bring_in(store, site, plan, who, file=""):
    """Brings the rows of a Plan in, in one transaction, and gives the Import. Raises BadSheet when there are none, or one came in since the look."""
    if not plan.rows:
        raise BadSheet("file", N_("has no row that can be taken"))
    days = [row.day for row in plan.rows]
    with store.facts as db:
        meanwhile = _known(store, site, [row.fingerprint for row in plan.rows])  # nobody else writes now
        if meanwhile:
            raise BadSheet("file", N_("has rows that import %(number)s brought in meanwhile; look at it again"), number=max(meanwhile.values()))
        number = db["contact_imports"].insert({
            "site_id": site.id, "at": _now(), "who": who, "what": plan.what, "file": file[:200], "rows": len(plan.rows),
            "refused": len(plan.refused), "first_day": min(days), "last_day": max(days)}).last_pk
        # not by insert_all: one refused by the unique fingerprint must undo the whole
        db.conn.executemany("insert into contacts (site_id, import_id, at, day, kind, person, code_hash, value, note, fingerprint) "
                            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [(site.id, number, *row[1:]) for row in plan.rows])
        db.execute(LATER_DAYS, {"site": site.id, "number": number})
    return one(store, site, number)


def undo(store, site, number, who):
    """Takes all rows of an import out again; gives the Import it was, or None when there is none. Raises BadSheet when it was undone before."""
    found = one(store, site, number)
    if found is None:
        return None
    if found.undone_at:
        raise BadSheet("import", N_("%(number)s was undone before"), number=number)
    with store.facts as db:
        db.execute(LATER_DAYS, {"site": site.id, "number": number})
        db.execute("delete from contacts where import_id = ?", [number])
        db["contact_imports"].update(number, {"undone_at": _now(), "undone_by": who})
    return found


def imports(store, site, limit=20):
    """The latest imports of a site, latest first."""
    return [Import(*row) for row in store.ask("collector/contact_imports", site=site.id, number=None, limit=limit)]


def one(store, site, number):
    """An import by its number, or None."""
    rows = store.ask("collector/contact_imports", site=site.id, number=number, limit=1)
    return Import(*rows[0]) if rows else None


def counts(store, site, period):
    """{kind: Count} of the contacts on the days of a Period, kinds without any left out."""
    return {row.kind: Count(row.contacts, row.joined, row.value) for row in store.ask(
        "collector/contact_counts", site=site.id, first_day=period.first_day, last_day=period.last_day, kinds=json.dumps(list(KINDS)))}


def _known(store, site, fingerprints):
    """{fingerprint: number of the import} of those that are in already."""
    known = {}
    for start in range(0, len(fingerprints), AT_ONCE):
        known |= dict(store.ask("collector/contacts_known", site=site.id, fingerprints=json.dumps(fingerprints[start:start + AT_ONCE])))
    return known


def _now():
    return int(time.time() * 1000)
