"""The wire format: what a browser or a server may send to POST /event.

Pure: bytes in, a Batch and the refused events out. Limits stand on the types,
so that a value too long is refused with its field's name; docs/http-api.md
prints them. Who sent the batch, from where and when it arrived is not here:
that never comes from the body.
"""

import re
from operator import attrgetter
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

MAX_EVENTS = 500
MAX_PAGES = 50
MAX_DEPTH = 16

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Label = Annotated[str, Meta(max_length=100)]
Path = Annotated[str, Meta(max_length=512)]
Url = Annotated[str, Meta(max_length=2048)]
Clock = Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)]  # UTC milliseconds of the sender's clock
Milliseconds = Annotated[int, Meta(ge=0, le=86_400_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
InBox = Annotated[int, Meta(ge=0, le=32_767)]
Percent = Annotated[int, Meta(ge=0, le=100)]
ViewId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,36}$")]


class Page(Struct, omit_defaults=True, gc=False):
    """One page view that events of the batch happened in."""

    view: ViewId  # made by the sender, the same in every retry
    url: Url
    title: Annotated[str, Meta(max_length=300)] = ""
    referrer: Url = ""


class Event(Struct, omit_defaults=True, kw_only=True, tag_field="type", gc=False):
    """What every event has. (page.view, n) is the event's own id: the same pair is stored once."""

    n: Count  # position within its page view
    at: Clock
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
    line: Count = 0
    column: Count = 0


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


class Exposure(Event, tag="exposure"):
    """The visitor saw a variant of an experiment. Not sent for a preview."""

    experiment: Name  # its key
    variant: Name  # its key


class OptOut(Event, tag="opt_out"):
    """The browser asks not to be measured: counted, and nothing else about the visit is sent."""

    signal: Literal["gpc", "dnt"]


AnyEvent = Pageview | Leave | Click | Frustration | Form | Field | ScriptError | Vitals | Custom | Exposure | OptOut


class Batch(Struct, omit_defaults=True, gc=False):
    sent_at: Clock  # when this was sent; only differences to `at` are used
    pages: Annotated[list[Page], Meta(min_length=1, max_length=MAX_PAGES)]
    events: Annotated[list[AnyEvent], Meta(min_length=1, max_length=MAX_EVENTS)]
    visitor: Annotated[str, Meta(max_length=64)] = ""  # first-party id, only after consent
    user: Annotated[str, Meta(max_length=64)] = ""  # the owner's own id for a signed-in customer
    language: Annotated[str, Meta(max_length=35)] = ""
    screen: Annotated[list[Count], Meta(max_length=4)] = []  # screen width, height, window width, height
    version: Annotated[str, Meta(max_length=20)] = ""


# -- reading it

class BadMessage(ValueError):
    """The body is no message at all: `field` names what is wrong, `why` says what would be right."""

    def __init__(self, field, why):
        super().__init__(f"{field} {why}")
        self.field, self.why = field, why


class Refused(NamedTuple):
    """One event that was taken out of a batch."""

    index: int  # its place in the batch as sent
    field: str
    why: str
    event: bytes  # as sent


class _Envelope(Batch):
    """A batch whose events are looked at one by one."""

    events: Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MAX_EVENTS)]


_page = attrgetter("page")
_batch = msgspec.json.Decoder(Batch).decode
_envelope = msgspec.json.Decoder(_Envelope).decode
_event = msgspec.json.Decoder(AnyEvent).decode


def parse(body):
    """(Batch, [Refused, …]) of a body; events that are wrong are in the second, not in the first.

    Takes bytes of JSON. Raises BadMessage when it is no message at all. A Batch
    may come out without events, when every one was refused.
    """
    try:
        batch = _batch(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _one_by_one(body)
    pages = len(batch.pages)
    # The form itself is three deep and has this many brackets; few more cannot be much deeper, and need no closer look.
    others = body.count(b"{") + body.count(b"[") - 3 - pages - len(batch.events)
    if others > MAX_DEPTH - 3:
        _check_depth(body)
    if max(map(_page, batch.events)) >= pages:
        return _one_by_one(body)
    return batch, []


def _one_by_one(body):
    _check_depth(body)
    try:
        envelope = _envelope(body)
    except msgspec.ValidationError as error:
        raise BadMessage(*_field_and_why(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadMessage("body", "is not JSON in UTF-8") from None
    events, refused = [], []
    for index, raw in enumerate(envelope.events):
        try:
            event = _event(raw)
            if event.page >= len(envelope.pages):
                raise msgspec.ValidationError(f"Expected `int` < {len(envelope.pages)}, the number of pages - at `$.page`")
            events.append(event)
        except msgspec.ValidationError as error:
            refused.append(Refused(index, *_field_and_why(error, "event"), bytes(raw)))
        except (msgspec.DecodeError, UnicodeDecodeError):
            refused.append(Refused(index, "event", "is not JSON in UTF-8", bytes(raw)))
    parts = {name: getattr(envelope, name) for name in Batch.__struct_fields__}
    return Batch(**parts | {"events": events}), refused


_WORDS = (("Object missing required field ", "is missing"), (" | ", "` or `"), ("`str`", "text"), ("`int`", "a whole number"),
          ("`float`", "a number"), ("`bool`", "true or false"), ("`array`", "a list"), ("`object`", "an object"),
          ("`null`", "null"), (" of length >= ", " of at least "), (" of length <= ", " of at most "),
          (" matching regex ", " like "), (", got ", ", not "), ("Expected ", "must be "), ("Invalid value ", "cannot be "),
          ("Invalid enum value ", "cannot be "))
_LENGTHS = re.compile(r"(text|list|object) (of at (?:most|least) \d+)")
_UNITS = {"text": "characters", "list": "items", "object": "keys"}


def _field_and_why(error, whole="body"):
    """Which field a ValidationError is about, and what would be right, in words.

    >>> _field_and_why(msgspec.ValidationError("Expected `str` of length <= 100 - at `$.name`"))
    ('name', 'must be text of at most 100 characters')
    """
    why, _, path = str(error).partition(" - at `")
    field = path.rpartition("`$")[2] if "`$" in path else path.removeprefix("$")
    field = field.rstrip("`").removeprefix(".") or whole
    missing = re.fullmatch(r"Object missing required field `(\w+)`", why)
    if missing:
        return (missing[1] if field == whole else f"{field}.{missing[1]}"), "is missing"
    for theirs, ours in _WORDS:
        why = why.replace(theirs, ours)
    return field, _LENGTHS.sub(lambda found: f"{found[0]} {_UNITS[found[1]]}", why)


_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_SAME_BRACKETS = bytes.maketrans(b"{}", b"[]")
_OTHER_BYTES = bytes(set(range(256)) - set(b"[]{}"))


def _check_depth(body):
    if _deeper_than(MAX_DEPTH, body):
        raise BadMessage("body", f"is nested deeper than {MAX_DEPTH}")


def _deeper_than(most, body):
    """Whether JSON is nested deeper than `most`, found without decoding it.

    >>> _deeper_than(2, b'{"a":["]"]}'), _deeper_than(1, b'{"a":["]"]}')
    (False, True)
    """
    if b"\\" in body:
        body = _ESCAPE.sub(b"", body)
    outside_strings = b"".join(body.split(b'"')[::2])
    brackets = outside_strings.translate(_SAME_BRACKETS, _OTHER_BYTES)
    for _ in range(most):
        brackets = brackets.replace(b"[]", b"")
    return b"[]" in brackets or brackets.count(b"[") > most
