"""The audit log: who did what, added to and never changed."""

import time


def record(store, user, action, detail=""):
    """Writes one line. `user` may be None: the command line, or nobody known."""
    with store.facts as db:
        db["audit"].insert({"at": int(time.time() * 1000), "user_id": user.id if user else None,
                            "action": action, "detail": detail})


def latest(store, limit=100):
    """The latest lines, latest first: rows of at, email, action, detail."""
    return store.ask("collector/audit", limit=limit)
