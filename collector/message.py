"""The wire format: what a browser or a server may send to POST /event.

Pure: bytes in, a Batch and the refused events out. Limits stand on the types,
so that a value too long is refused with its field's name; docs/http-api.md
prints them. Who sent the batch, from where and when it arrived is not here:
that never comes from the body.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

MAX_EVENTS = 500
MAX_PAGES = 50
MAX_DEPTH = 16

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Label = Annotated[str, Meta(max_length=100)]
Path = Annotated[str, Meta(max_length=512)]
Url = Annotated[str, Meta(max_length=2048)]
Milliseconds = Annotated[int, Meta(ge=0, le=86_400_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
InBox = Annotated[int, Meta(ge=0, le=32_767)]
Percent = Annotated[int, Meta(ge=0, le=100)]
ViewId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,36}$")]


class Page(Struct, omit_defaults=True):
    """One page view that events of the batch happened in."""

    view: ViewId  # made by the sender, the same in every retry
    url: Url
    title: Annotated[str, Meta(max_length=300)] = ""
    referrer: Url = ""


class Event(Struct, omit_defaults=True, kw_only=True, tag_field="type"):
    """What every event has. (page.view, n) is the event's own id: the same pair is stored once."""

    n: Count  # position within its page view
    at: int  # the sender's clock, UTC milliseconds
    page: Annotated[int, Meta(ge=0, lt=MAX_PAGES)] = 0  # index into Batch.pages


class Pageview(Event, tag="pageview"):
    how: Literal["load", "navigate", "restore", "activate"] = "load"


class Leave(Event, tag="leave"):
    """Sent when the page is hidden or left, once or several times; engaged_ms adds up."""

    engaged_ms: Milliseconds = 0
    scroll: Percent = 0  # the deepest point so far


class Click(Event, tag="click"):
    element: Path
    label: Label = ""
    x: InBox = 16_383  # inside the element's box, 0 its left edge, 32767 its right
    y: InBox = 16_383
    keyboard: bool = False
    link: Literal["", "outbound", "download"] = ""
    to: Url = ""


class Frustration(Event, tag="frustration"):
    kind: Literal["rage", "dead", "error", "quick_back"]
    element: Path = ""
    label: Label = ""
    clicks: Count = 1


class Form(Event, tag="form"):
    kind: Literal["view", "start", "submit", "abandon"]
    form: Label
    fields: Count = 0
    last_field: Label = ""


class Field(Event, tag="field"):
    """One stay in a field, sent when it is left: that something was typed, never what.

    `kind` "invalid" is a refused value instead, by the browser or by the page.
    """

    form: Label
    field: Label
    kind: Literal["blur", "invalid"] = "blur"
    label: Label = ""
    control: Annotated[str, Meta(max_length=30)] = ""  # type of the input
    autocomplete: Annotated[str, Meta(max_length=60)] = ""
    sensitive: bool = False
    hesitation_ms: Milliseconds | None = None  # focus to first input; None when nothing was typed
    time_ms: Milliseconds = 0
    changes: Count = 0  # inputs
    corrections: Count = 0
    returned: bool = False  # came back to a field that was filled already
    autofilled: bool = False
    pasted: bool = False
    filled: bool = False  # has content when left
    error: Annotated[str, Meta(max_length=60)] = ""  # for "invalid": which rule, e.g. valueMissing


class ScriptError(Event, tag="error"):
    message: Annotated[str, Meta(max_length=300)]
    source: Url = ""
    line: Annotated[int, Meta(ge=0)] = 0
    column: Annotated[int, Meta(ge=0)] = 0


class Vitals(Event, tag="vitals"):
    """Milliseconds, but cls, which has no unit. None: not measured in this browser."""

    lcp: Annotated[float, Meta(ge=0, le=600_000)] | None = None
    inp: Annotated[float, Meta(ge=0, le=600_000)] | None = None
    fcp: Annotated[float, Meta(ge=0, le=600_000)] | None = None
    ttfb: Annotated[float, Meta(ge=0, le=600_000)] | None = None
    cls: Annotated[float, Meta(ge=0, le=1_000)] | None = None


class Custom(Event, tag="custom"):
    """An event with the owner's own name, or GA4's e-commerce names (view_item … purchase)."""

    name: Name
    props: Annotated[dict[Annotated[str, Meta(max_length=60)], Any], Meta(max_length=40)] = {}


class OptOut(Event, tag="opt_out"):
    """The browser asks not to be measured: counted, and nothing else about the visit is sent."""

    signal: Literal["gpc", "dnt"]


AnyEvent = Pageview | Leave | Click | Frustration | Form | Field | ScriptError | Vitals | Custom | OptOut


class Batch(Struct, omit_defaults=True):
    sent_at: int  # the sender's clock when this was sent; only differences to `at` are used
    pages: Annotated[list[Page], Meta(min_length=1, max_length=MAX_PAGES)]
    events: Annotated[list[AnyEvent], Meta(min_length=1, max_length=MAX_EVENTS)]
    visitor: Annotated[str, Meta(max_length=64)] = ""  # first-party id, only after consent
    user: Annotated[str, Meta(max_length=64)] = ""  # the owner's own id for a signed-in customer
    language: Annotated[str, Meta(max_length=35)] = ""
    screen: Annotated[list[int], Meta(max_length=4)] = []  # screen width, height, window width, height
    version: Annotated[str, Meta(max_length=20)] = ""
