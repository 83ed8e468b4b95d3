"""Goals of the site as what a metric counts: a goal is named in the definition, and found by its name whenever it is counted."""

from collector import sites, trials
from experiments.definition import placed
from experiments.reading import BadExperiment, N_


def check(store, site, experiment, before=None):
    """Raises BadExperiment with every metric that names a goal the site has not.

    `before` is the definition as it was: a goal it named may have been removed since, which
    is said where the metric is read and stands in the way of nothing else.
    """
    passed = {metric.goal for metric in before.metrics} if before else set()
    errors = [error for metric, error in unknown(store, site, experiment) if metric.goal not in passed]
    if errors:
        raise BadExperiment.of(errors)


def unknown(store, site, experiment):
    """(Metric, BadExperiment) of every metric whose goal the site has not, or has twice."""
    names = [goal.name for goal in sites.goals(store, site)]
    for where, metric in placed(experiment):
        if metric.goal and metric.goal not in names:
            yield metric, BadExperiment(f"{where}.goal", N_("%(typed)s is no goal of this site; there are: %(choices)s. Add it in the "
                                                            "settings first"), typed=metric.goal, choices=", ".join(dict.fromkeys(names)) or "-")
        elif metric.goal and names.count(metric.goal) > 1:
            yield metric, BadExperiment(f"{where}.goal", N_("%(typed)s is the name of two goals; name the event or the page itself"),
                                        typed=metric.goal)


def source(store, site, metric):
    """(source, pattern) of what a metric counts now, a goal's event or page in its place; ("", "") when its goal is gone."""
    return trials.source_of({metric.source[0]: metric.source[1]},
                            [(goal.name, goal.kind, goal.pattern) for goal in sites.goals(store, site)])
