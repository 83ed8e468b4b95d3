"""The demo: a guitar shop to click through (shop, words, views) and sixty days of made-up visitors (people, truths).

Nothing here runs unless the data directory holds the marker file `demo`,
which only `netiv demo` writes: a real installation has no shop.
"""

from pathlib import Path

MARKER = "demo"
SITE = "demo"


def is_demo(data):
    """True when the data directory was made by `netiv demo`."""
    return (Path(data) / MARKER).exists()


further = []  # names of modules of other rooms that take part in the demo: wsgi says which; see cli.make()
