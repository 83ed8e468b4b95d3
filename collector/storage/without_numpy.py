"""Imports sqlite-utils without numpy, which it would take in for types we never store: 12 MB in each process.

Imported before anything else that imports sqlite-utils.
"""

import sys

_there = "numpy" in sys.modules
if not _there:
    sys.modules["numpy"] = None  # an import of it now fails, as if it were not installed

import sqlite_utils  # noqa: E402, F401

if not _there:
    del sys.modules["numpy"]
