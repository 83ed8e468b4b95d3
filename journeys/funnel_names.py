"""What a pattern stands for among the pages and names that were ever seen."""

from collector import filters


def pages(store, site, pattern):
    """Rows of id and path."""
    fragment, values = _like("path", pattern)
    return store.ask("journeys/funnel_pages", fragment, site=site.id, **values)


def grouped(store, site, pattern):
    """Rows of id and path of the pages in the groups with such a name."""
    fragment, values = _like("name", pattern)
    return store.ask("journeys/funnel_grouped", fragment, site=site.id, **values)


def names(store, pattern):
    """Rows of id and text."""
    fragment, values = _like("text", pattern)
    return store.ask("journeys/funnel_names", fragment, **values)


def _like(column, pattern):
    values = {}
    return f"and {filters.text(column, [pattern], values)}", values
