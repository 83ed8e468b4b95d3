"""What the store has of a visit, a line an event, and every place a typed value could have gone to."""

import time
from collections import Counter

from collector.events import CUSTOM, FIELD, FORM, FORMS, FRUSTRATION, FRUSTRATIONS, TYPES
from tests.fault.server import wait_until

NAMES = {number: name for name, number in TYPES.items()}
FORM_KINDS = {number: kind for kind, number in FORMS.items()}
SIGNS = {number: kind for kind, number in FRUSTRATIONS.items()}
EVENTS = """select events.type, pages.path, named.text, elements.text, labels.text, x, value from events
    join pages on pages.id = events.page join names named on named.id = events.name
    join names elements on elements.id = element join names labels on labels.id = label
    order by events.session_id, number"""


def events(server, part="/"):
    """{"click /shop/ Add to cart": 1, …} of every event on pages whose path contains `part`; vitals and leave too."""
    return Counter(_line(*row) for row in server.ask(EVENTS) if part in row[1])


def _line(kind, path, name, element, label, x, value):
    if kind == FORM:
        what = f"{name} {FORM_KINDS[x]}"
    elif kind == FIELD:
        what = f"{name}.{element}" + (" invalid" if value is None else "")
    elif kind == FRUSTRATION:
        what = f"{SIGNS[x]} {label}"
    else:
        what = name if kind == CUSTOM else label if NAMES[kind] == "click" else ""
    return f"{NAMES[kind]} {path} {what}".strip()


def wait_for(server, line, count=1, seconds=15, part="/"):
    """Everything told, once `line` has come `count` times and nothing more comes: each worker's spool is read for itself."""
    wait_until(lambda: events(server, part)[line] >= count, seconds, f"{count} × {line}")
    told = None
    while told != (told := events(server, part)):
        time.sleep(0.7)
    return told


class Listener:
    """Hears every request of a browser context, and what its pages say on the console."""

    def __init__(self, context):
        self.sent, self.faults = [], []
        context.on("request", lambda request: self.sent.append(
            (request.method, request.url, request.post_data_buffer or b"", str(request.headers).encode())))
        context.on("weberror", lambda error: self.faults.append(str(error.error)))

    def elsewhere(self, own):
        """Addresses asked of other hosts than those in `own`."""
        return [url for _, url, _, _ in self.sent if not url.startswith(tuple(own))]


def places(server, listener, own_forms=()):
    """{place: bytes} where a typed value must not be; `own_forms` are where the page itself sends what was typed."""
    files = {str(path.relative_to(server.data_dir)): path.read_bytes() for path in server.data_dir.rglob("*") if path.is_file()}
    sent = {f"{method} {url}": url.encode() + body for method, url, body, _ in listener.sent
            if not (method == "POST" and url in own_forms)}
    return {**files, **sent}
