"""How a report asks: the totals when nothing is filtered, the sessions themselves when something is."""

from collector import filters as narrowing


def ask(store, question, site, period, filters=narrowing.NONE, **values):
    """Rows of journeys/sql/<question>.sql, or of <question>_filtered.sql for the sessions the filters choose."""
    if filters:
        return ask_sessions(store, f"{question}_filtered", site, period, filters, **values)
    return store.ask(f"journeys/{question}", **_bounds(site, period), **values)


def ask_sessions(store, question, site, period, filters=narrowing.NONE, **values):
    """Rows of journeys/sql/<question>.sql, which reads sessions whether they are filtered or not."""
    fragment, more = narrowing.sql(filters)
    return store.ask(f"journeys/{question}", fragment, **_bounds(site, period), **values, **more)


def _bounds(site, period):
    return {"site": site.id, "first_day": period.first_day, "last_day": period.last_day,
            "start": period.start, "end": period.end}
