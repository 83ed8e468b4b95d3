"""What an experiment is: its definition as data, read strictly from a form, a file, the API or the store. Pure.

One shape everywhere, see docs/experiments.md. read() says everything that is
wrong at once, by field ("variants[1].weight"); what needs the store (a key
used twice, a metric no event feeds) is said by register.py and launch.py.
"""

import re
from dataclasses import asdict, dataclass, fields
from datetime import date

from experiments import changes
from experiments.reading import BadExperiment, N_, Reader

STATES = ("draft", "running", "paused", "stopped", "decided", "archived")
LIVE = ("running", "paused")  # started and not ended: what was begun stands
DEVICES = ("desktop", "mobile", "tablet", "tv", "console")
VISITORS = ("all", "new", "returning")
LOOKS = ("hybrid", "scheduled", "fixed")
DIRECTIONS = ("up", "down")
SOURCES = ("event", "page", "form", "goal")  # of what a metric counts; a goal by its name
# kind of metric: (which way is better, where it may come from)
KINDS = {
    "conversion": ("up", SOURCES), "abandonment": ("down", SOURCES),
    "revenue": ("up", ("event",)), "order_value": ("up", ("event",)),
    "time": ("down", SOURCES), "form_errors": ("down", ("form",)), "count": ("up", ("event", "page", "goal")),
}
FEWEST_VISITORS, LARGEST_EFFECT = 100, 5  # of a plan; the effect relative
FEWEST_VARIANTS, MOST_VARIANTS, MOST_METRICS, MOST_PATHS = 2, 20, 20, 50
ALWAYS = ("name", "owner", "notes")  # may change in every state
WHILE_LIVE = (*ALWAYS, "share")  # and the weights, and further secondary metrics
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
TAKEN_KEYS = ("new",)  # of addresses beside those of experiments


@dataclass(frozen=True)
class Where:
    paths: tuple[str, ...] = ()  # with * for anything; none: every page
    event: str = ""  # the custom event with which it begins; "": the page itself


@dataclass(frozen=True)
class Audience:
    device: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    visitors: str = "all"
    country: tuple[str, ...] = ()
    parameter: str = ""  # name=value in the page's address
    segment: str = ""  # key of a segment of the site: audiences.py


@dataclass(frozen=True)
class Change:
    kind: str
    selector: str = ""
    name: str = ""
    value: str = ""


@dataclass(frozen=True)
class Variant:
    key: str
    name: str
    weight: float
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Metric:
    key: str
    name: str
    kind: str
    event: str = ""
    page: str = ""
    form: str = ""
    goal: str = ""
    window_hours: int = 72  # after the first exposure
    direction: str = "up"  # which way is better
    cap: float = 0.999  # revenue: the quantile of non-zero values above which a value counts as that much; 1 for none
    margin: float = 0.0  # guardrails: how much worse, relative, is still no harm


    @property
    def source(self):
        """(event, page, form or goal; which)."""
        return next((name, getattr(self, name)) for name in SOURCES if getattr(self, name))


@dataclass(frozen=True)
class Plan:
    visitors: int | None = None  # in all variants together
    until: str | None = None  # a date, YYYY-MM-DD
    looks: str = "hybrid"
    alpha: float = 0.05
    power: float = 0.8
    relative_mde: float = 0.1


@dataclass(frozen=True)
class Experiment:
    key: str
    name: str
    variants: tuple[Variant, ...]  # the first is the control
    hypothesis: str = ""
    owner: str = ""
    notes: str = ""
    where: Where = Where()
    audience: Audience = Audience()
    share: float = 1.0  # of the traffic
    group: str = ""  # of experiments that exclude each other
    needs_consent: bool = False
    primary: Metric | None = None
    secondary: tuple[Metric, ...] = ()
    guardrails: tuple[Metric, ...] = ()
    plan: Plan = Plan()

    @property
    def weights(self):
        return tuple(variant.weight for variant in self.variants)

    @property
    def metrics(self):
        """Primary, secondary, guardrails."""
        return tuple(metric for metric in (self.primary, *self.secondary, *self.guardrails) if metric)


def read(mapping, domain="", begins=None):
    """The Experiment a mapping defines. Raises BadExperiment, whose `errors` are all that is wrong.

    `domain` is the site's, where redirects may lead; without one they are taken as
    they are. `begins` is the date before which it cannot end.
    """
    reader = Reader(mapping)
    key = reader.text("key", longest=60, needed=True)
    if key and (not KEY.fullmatch(key) or key in TAKEN_KEYS):
        reader.wrong("key", N_("%(typed)s cannot be a key; use small letters, digits and hyphens, such as short-checkout"),
                     typed=key)
    experiment = Experiment(
        key=key, name=reader.text("name", default=key, longest=100), hypothesis=reader.text("hypothesis", longest=2000),
        owner=reader.text("owner", longest=100), notes=reader.text("notes", longest=10_000),
        where=_where(reader.part("where")), audience=_audience(reader.part("audience")),
        variants=_variants(reader, domain), share=reader.number("share", 1.0, 0.001, 1),
        group=reader.text("group", longest=60), needs_consent=reader.flag("needs_consent"),
        primary=_metric(reader.part("primary")) if reader.has("primary") else None,
        secondary=tuple(_metric(part) for part in reader.parts("secondary", most=MOST_METRICS)),
        guardrails=tuple(_metric(part, guardrail=True) for part in reader.parts("guardrails", most=MOST_METRICS)),
        plan=_plan(reader.part("plan"), begins))
    _each_key_once(reader, [(metric.key, f"{where}.key") for where, metric in placed(experiment)])
    reader.done()
    return experiment


def as_dict(experiment):
    """The definition as JSON has it; read() gives the same Experiment back."""
    return _plain(asdict(experiment))


def restore(mapping):
    """The Experiment of what as_dict() gave before; nothing is checked again."""
    parts = {"where": Where, "audience": Audience, "plan": Plan}
    made = {name: parts[name](**_tuples(value)) if name in parts else value for name, value in mapping.items()}
    made["variants"] = tuple(Variant(**each | {"changes": tuple(Change(**change) for change in each["changes"])})
                             for each in mapping["variants"])
    made["primary"] = Metric(**mapping["primary"]) if mapping["primary"] else None
    for name in ("secondary", "guardrails"):
        made[name] = tuple(Metric(**each) for each in mapping[name])
    return Experiment(**made)


def placed(experiment):
    """Each metric with where it stands: ("secondary[0]", Metric)."""
    if experiment.primary:
        yield "primary", experiment.primary
    for name in ("secondary", "guardrails"):
        yield from ((f"{name}[{at}]", metric) for at, metric in enumerate(getattr(experiment, name)))


def differences(before, after):
    """{field: (before, after)} of two definitions, None where there is nothing: what history and `apply` show."""
    old, new = (dict(_leaves(as_dict(each))) if each else {} for each in (before, after))
    return {field: (old.get(field), new.get(field)) for field in {**old, **new} if old.get(field) != new.get(field)}


def check_change(state, before, after):
    """Raises BadExperiment with every field that may not change in this state."""
    errors = [BadExperiment(field, _why(state, field)) for field in differences(before, after)
              if not _may_change(state, field, before)]
    if errors:
        raise BadExperiment.of(errors)


def _may_change(state, field, before):
    if field == "key":
        return False
    if state == "draft" or field in ALWAYS:
        return True
    weight = re.fullmatch(r"variants\[\d+\]\.weight", field)
    added = re.match(r"secondary\[(\d+)\]", field)
    return state in LIVE and bool(field in WHILE_LIVE or weight or (added and int(added[1]) >= len(before.secondary)))


def _why(state, field):
    if field == "key":
        return N_("never changes: assignment hangs on it; define another experiment instead")
    if state in LIVE:
        return N_("stands once the experiment has started; only name, owner, notes, weights, share and further secondary "
                  "metrics may change. Stop it and define another")
    return N_("stands once the experiment has ended; only name, owner and notes may change")


def _where(reader):
    paths = reader.texts("paths", longest=300, most=MOST_PATHS)
    for at, path in enumerate(paths):
        if not path.startswith(("/", "*")):
            reader.wrong(f"paths[{at}]", N_("does not start with a slash; write a path like /checkout or /shop/*"))
    reader.only("paths", "event")
    return Where(paths, reader.text("event", longest=100))


def _audience(reader):
    device = reader.texts("device", longest=20)
    for at, each in enumerate(device):
        reader.one_of(f"device[{at}]", each, DEVICES)
    country = tuple(code.upper() for code in reader.texts("country", longest=20, most=250))
    for at, code in enumerate(country):
        if not re.fullmatch("[A-Z]{2}", code):
            reader.wrong(f"country[{at}]", N_("%(typed)s is no country code; write two letters such as IL"), typed=code)
    parameter = reader.text("parameter", longest=200)
    if parameter and not re.fullmatch(r"[^=&?#\s]+=[^&#\s]*", parameter):
        reader.wrong("parameter", N_("is not written as name=value"))
    reader.only("device", "channel", "visitors", "country", "parameter", "segment")
    return Audience(device, reader.texts("channel", longest=100), reader.choice("visitors", VISITORS), country, parameter,
                    reader.text("segment", longest=40))


def _variants(reader, domain):
    parts = reader.parts("variants", fewest=FEWEST_VARIANTS, most=MOST_VARIANTS)
    variants = tuple(_variant(part, domain, is_control=at == 0) for at, part in enumerate(parts))
    _each_key_once(reader, [(variant.key, f"variants[{at}].key") for at, variant in enumerate(variants)])
    total = sum(variant.weight for variant in variants)
    unknown = {field for at in range(len(parts)) for field in (f"variants[{at}]", f"variants[{at}].weight")}
    if parts and abs(total - 1) > 1e-6 and not any(error.field in unknown for error in reader.errors):
        reader.wrong("variants", N_("have weights that add up to %(total)s; they must add up to 1"), total=f"{total:.6g}")
    return variants


def _variant(reader, domain, is_control):
    key = reader.text("key", longest=60, needed=True)
    if key and not KEY.fullmatch(key):
        reader.wrong("key", N_("%(typed)s cannot be a key; use small letters, digits and hyphens, such as short-checkout"),
                     typed=key)
    weight = reader.number("weight", None, 0, 1)
    done = tuple(_change(part, domain) for part in reader.parts("changes", most=50))
    if is_control and done:
        reader.wrong("changes", N_("must be empty: the first variant is the control, the page as it is"))
    if len(done) > 1 and any(change.kind == "redirect" for change in done):
        reader.wrong("changes", N_("holds a redirect beside others; a redirect stands alone"))
    reader.only("key", "name", "weight", "changes")
    return Variant(key, reader.text("name", default=key, longest=100), weight, done)


def _change(reader, domain):
    change = Change(reader.choice("kind", changes.KINDS, needed=True), reader.text("selector", longest=500),
                    reader.text("name", longest=100), reader.text("value", longest=20_000, strip=False))
    reader.only("kind", "selector", "name", "value")
    found = changes.wrong_with(change, domain)
    if found and not reader.is_wrong(""):
        reader.wrong(*found[:2], **found[2])
    return change


def _metric(reader, guardrail=False):
    kind = reader.choice("kind", KINDS, needed=True)
    better, sources = KINDS.get(kind, KINDS["conversion"])
    given = {name: reader.text(name, longest=200) for name in SOURCES}
    if kind in ("revenue", "order_value") and not any(given.values()):
        given["event"] = "purchase"
    named = [name for name, value in given.items() if value]
    if not reader.is_wrong("kind") and (len(named) != 1 or named[0] not in sources):
        reader.wrong("event" if not named or named[0] in sources else named[0],
                     N_("is not right: a metric of kind %(kind)s needs one of %(choices)s, and only one"),
                     kind=kind, choices=", ".join(sources))
    if given["page"] and not given["page"].startswith(("/", "*")):
        reader.wrong("page", N_("does not start with a slash; write a path like /checkout or /shop/*"))
    key = reader.text("key", default=kind, longest=60)
    if not KEY.fullmatch(key.replace("_", "-")):
        reader.wrong("key", N_("%(typed)s cannot be a key; use small letters, digits and hyphens, such as short-checkout"),
                     typed=key)
    margin = reader.number("margin", None if guardrail else 0.0, 0, 0.5) if guardrail or reader.has("margin") else 0.0
    if guardrail and margin == 0 and not reader.is_wrong("margin"):
        reader.wrong("margin", N_("must be more than 0: how much worse, as a part of the control's value, is still no harm"))
    if not guardrail and margin:
        reader.wrong("margin", N_("belongs to guardrails only"))
    reader.only(*(field.name for field in fields(Metric)))
    return Metric(key, reader.text("name", default=key, longest=100), kind, **given,
                  window_hours=reader.whole("window_hours", 72, 1, 2160), direction=reader.choice("direction", DIRECTIONS, better),
                  cap=reader.number("cap", 0.999, 0.5, 1), margin=margin)


def _plan(reader, begins):
    until = reader.text("until", longest=10) or None
    if until:
        try:
            last = date.fromisoformat(until)
        except ValueError:
            reader.wrong("until", N_("%(typed)s is no date; write one like 2026-12-31"), typed=until)
        else:
            if begins and last <= begins:
                reader.wrong("until", N_("is %(typed)s, not after %(begins)s, when it begins; write a later date"),
                             typed=until, begins=begins.isoformat())
    reader.only(*(field.name for field in fields(Plan)))
    return Plan(reader.whole("visitors", None, FEWEST_VISITORS, 10**9), until, reader.choice("looks", LOOKS),
                reader.number("alpha", 0.05, 0.001, 0.2), reader.number("power", 0.8, 0.5, 0.99),
                reader.number("relative_mde", 0.1, 0.001, LARGEST_EFFECT))


def _each_key_once(reader, keys):
    seen = set()
    for key, where in keys:
        if key and key in seen:
            reader.wrong(where, N_("%(typed)s is used twice; each needs a key of its own"), typed=key)
        seen.add(key)


def _plain(value):
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _tuples(mapping):
    return {name: tuple(value) if isinstance(value, list) else value for name, value in mapping.items()}


def _leaves(value, path=""):
    """(field, value) of everything in a definition that has no parts: "variants[1].weight", 0.5."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for at, each in enumerate(value):
            yield from _leaves(each, f"{path}[{at}]")
    elif value not in ("", None, []):
        yield path, value
