"""CSV that no spreadsheet takes for a formula. Pure.

OWASP, "CSV Injection": a text that begins with = + - @, a tab, a line break or
the full-width twins of those signs gets a ' before it. Numbers are numbers.
"""

import csv

FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def writer(file):
    return csv.writer(file, quoting=csv.QUOTE_ALL)


def cell(value):
    """
    >>> cell("=1+1"), cell(-5), cell(None), cell("fine")
    ("'=1+1", -5, '', 'fine')
    """
    if value is None:
        return ""
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA) else value
