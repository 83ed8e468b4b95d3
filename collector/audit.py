"""The audit log: who did what, added to and never changed."""

import time

from collector.fields import N_

# what is written, and translated where it is shown
ACTIONS = (N_("set up"), N_("signed in"), N_("sign-in refused"), N_("signed out"), N_("changed password"),
           N_("invited"), N_("withdrew invitation"), N_("joined"),
           N_("added user"), N_("changed role"), N_("removed user"),
           N_("added site"), N_("changed site"), N_("deleted site"), N_("added goal"), N_("removed goal"), N_("changed journey"), N_("deleted journey"),
           N_("added funnel"), N_("changed funnel"), N_("deleted funnel"), N_("changed page group"), N_("deleted page group"),
           N_("added map"), N_("changed map"), N_("deleted map"), N_("kept map"),
           N_("added experiment"), N_("changed experiment"), N_("deleted experiment"),
           N_("added segment"), N_("removed segment"), N_("wrote persona"), N_("removed persona"),
           N_("made token"), N_("revoked token"), N_("changed what is left out"), N_("exported"), N_("erased"),
           N_("reviewed experiment"), N_("decided experiment"), N_("shared result"), N_("revoked result"),
           N_("imported"), N_("undid import"), N_("added link"), N_("removed link"),
           N_("took on pain point"), N_("changed pain point"), N_("noted on pain point"))


def record(store, user, action, detail=""):
    """Writes one line. `action` is one of ACTIONS; `user` may be None: the command line, or nobody known."""
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is not among the ACTIONS of audit.py")
    with store.facts as db:
        db["audit"].insert({"at": int(time.time() * 1000), "user_id": user.id if user else None,
                            "action": action, "detail": detail})


def latest(store, limit=100):
    """The latest lines, latest first: rows of at, email, action, detail."""
    return store.ask("collector/audit", limit=limit)
