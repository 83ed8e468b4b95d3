"""What a new experiment's form proposes as its plan: which number decides, and the visitors that find what so many weeks of this traffic can.

A metric that nobody reached, or everybody, plans nothing: then the next best
decides, a purchase or a goal of the site that some reached. What cannot be
planned at all says why.
"""

from typing import NamedTuple

from collector import sites
from experiments import baseline, definition, form, plan
from experiments.reading import BadExperiment, N_

PURCHASE = ("event", "purchase")
MOST_GOALS = 5  # looked at
NOBODY_CAME = N_("No plan is proposed: nobody came to these pages in the last week, so nothing says how many visitors will take part.")
NOTHING_DECIDES = N_("No plan is proposed: of those who came to these pages in the last 30 days nobody did what decides, or everybody. Nothing says which effect could be found.")
TOO_FEW = N_("No plan is proposed: too few visitors come to these pages in %(weeks)s weeks to find any effect that may be planned.")
INSTEAD = N_("%(first)s cannot decide: of those who came to these pages in the last 30 days nobody did it, or everybody. In its place stands the next best that some did: %(other)s.")


class Proposal(NamedTuple):
    fields: dict  # of the form's plan, {} where there is none
    metric: tuple | None = None  # (of, what) that decides in the place of what was asked; None: as it was
    first: tuple | None = None  # (of, what) that was asked, where another decides
    said: str = ""  # a msgid; of INSTEAD `first` and `metric` fill it, of TOO_FEW the weeks


def proposal(store, site, given, weeks, now):
    """The Proposal for the form that `given` fills in, {name: text} of form.GIVEN; with nothing said where the pages cannot be read."""
    asked = form.first(**given)["primary"]
    first = (asked["of"], asked["what"])
    goals = [("goal", goal.name) for goal in sites.goals(store, site)[:MOST_GOALS]]
    week, month = (baseline.last_days(site, now, days) for days in (baseline.WEEK + 1, baseline.DAYS))
    for metric in dict.fromkeys((first, PURCHASE, *goals)):
        try:
            experiment = _experiment(site, given, metric)
        except BadExperiment:
            return Proposal({})
        a_week = sum(baseline.pace(experiment, baseline.traffic(store, site, experiment, week), week))
        if not a_week:
            return Proposal({}, said=NOBODY_CAME)
        tried = baseline.tried(store, site, experiment, experiment.primary, month)
        if not tried.value or tried.value >= 1:
            continue
        fields = form.planned(*plan.proposed(experiment, tried, weeks * a_week))
        if metric == first:
            return Proposal(fields, said="" if fields else TOO_FEW)
        return Proposal(fields, metric, first, INSTEAD)
    return Proposal({}, said=NOTHING_DECIDES)


def _experiment(site, given, metric):
    of, what = metric
    known = form.definition(form.first(paths=given["paths"], of=of, what=what))
    return definition.read(known | {"key": "draft"}, site.domain)
