"""How a report asks: the totals when nothing is filtered, the sessions themselves when something is."""

from collector import filters as narrowing


def ask(store, question, site, period, filters=narrowing.NONE, **values):
    """Rows of journeys/sql/<question>.sql, or of <question>_filtered.sql for the sessions the filters choose."""
    values |= {"site": site.id, "first_day": period.first_day, "last_day": period.last_day,
               "start": period.start, "end": period.end}
    if not filters:
        return store.ask(f"journeys/{question}", **values)
    fragment, more = narrowing.sql(filters)
    return store.ask(f"journeys/{question}_filtered", fragment, **values, **more)
