import hashlib
import json

from collector.storage.migrations.steps import migrations


@migrations()
def m014_outside_the_page(db):
    """What happens outside the page: links and codes that lead to it, contacts and real orders that people bring in.

    The codes of purchases stored already are read from their events.
    """
    db.executescript("""
    create table contact_imports (              -- each time contacts or orders were brought in
        id integer primary key autoincrement,
        site_id integer not null references sites on delete cascade,
        at integer not null,
        who text not null,                      -- an e-mail, the name of a token, '' for the command line
        what text not null check (what in ('contacts', 'orders')),
        file text not null,                     -- its name, '' when there was none
        rows integer not null,                  -- taken
        refused integer not null,
        first_day integer not null, last_day integer not null,
        undone_at integer, undone_by text
    ) strict;
    create index contact_imports_of on contact_imports (site_id, id);
    create table contacts (
        id integer primary key,
        site_id integer not null references sites on delete cascade,
        import_id integer not null references contact_imports on delete cascade,
        at integer not null,
        day integer not null,
        kind text not null,                     -- collector/contact_rows.py: KINDS, or 'order'
        person integer,                         -- the visitor id of the owner's customer: a keyed hash
        code_hash integer,                      -- of a transaction id, or of a code the visitor was shown
        value integer,                          -- minor units, null when unknown
        note text not null,                     -- scrubbed
        fingerprint integer not null,           -- the same row is taken once
        unique (site_id, fingerprint)
    ) strict;
    create index contacts_day on contacts (site_id, kind, day);
    create index contacts_person on contacts (site_id, person) where person is not null;
    create index contacts_code on contacts (site_id, code_hash) where code_hash is not null;
    create index contacts_import on contacts (import_id);

    -- codes by which somebody who calls or orders is found again: in which session each was
    create table session_codes (
        site_id integer not null, session_id integer not null, code_hash integer not null,
        at integer not null,
        primary key (site_id, session_id, code_hash)
    ) strict, without rowid;
    create index session_codes_hash on session_codes (site_id, code_hash);

    create table campaign_links (
        id integer primary key autoincrement,
        site_id integer not null references sites on delete cascade,
        at integer not null,
        who text not null,
        address text not null,                  -- of the page, without the campaign's parameters
        source text not null, medium text not null, campaign text not null,
        content text not null, term text not null,
        unique (site_id, address, source, medium, campaign, content, term)
    ) strict;

    create table history_files (                -- files of events that netiv import csv brought in, and how far
        site_id integer not null,
        digest text not null,
        messages integer not null,              -- loaded
        done integer not null,                  -- 1: all of them
        primary key (site_id, digest)
    ) strict, without rowid;
    """)
    purchases = db.execute("select site_id, session_id, at, detail from events "
                           "where type = 9 and name = 1 and detail like '%transaction_id%'").fetchall()
    db.conn.executemany("insert or ignore into session_codes values (?, ?, ?, ?)",
                        [(site, session, _hash(code), at) for site, session, at, detail in purchases
                         if (code := str(json.loads(detail).get("transaction_id") or "")) and "[x]" not in code])


def _hash(text):
    """What collector/memory.py makes of a transaction id."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)
