"""How far sessions came in forms, and what they did in fields: by totals, or by columns where something is filtered or told apart."""

from journeys import sides
from journeys.ask import ask, sum_columns


def tried(store, site, period, filters, side=sides.NONE):
    """A row of forms.sql for each form and each value of a Side, most started first."""
    if not filters and not side.by:
        return ask(store, "forms", site, period)
    from journeys import by_side, form_columns  # not above: the server starts without numpy
    found = [row for row in sum_columns(store, site, period, filters, form_columns.Tries(by_side.of(store, side)), key=2, order=()) if row.viewers]
    forms, values = by_side.texts(store, sides.NONE, {row.form for row in found}), by_side.texts(store, side, {row.value for row in found})
    return sorted((row._replace(form=forms[row.form], value=values.get(row.value)) for row in found),
                  key=lambda row: (-row.starters, -row.viewers, row.form, row.value or ""))


def filled(store, site, period, filters, form):
    """A row of form_fields.sql for each field of a form, most touched first."""
    if not filters:
        return ask(store, "form_fields", site, period, form=form)
    from journeys import by_side, form_columns
    found = [row for row in sum_columns(store, site, period, filters, form_columns.Fields(), key=2, order=()) if row.sessions or row.errors]
    texts = by_side.texts(store, sides.NONE, {name for row in found for name in row[:2]})
    return sorted((row._replace(form=form, field=texts[row.field]) for row in found if texts[row.form] == form),
                  key=lambda row: (-row.sessions, row.field))
