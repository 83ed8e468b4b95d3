"""The list that every step puts itself into."""

from collector.storage import without_numpy  # noqa: F401 before sqlite-utils
from sqlite_utils import Database, Migrations  # noqa: F401 the store takes both from here

migrations = Migrations("netiv")
