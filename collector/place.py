"""The country of an address, from a file on this machine. The address goes no further.

The file is geo-whois-asn-country (CC0, by RouteViews and the registries' whois)
from npm; NETIV_COUNTRIES names another one in MaxMind's format.
"""

import os
from pathlib import Path

import maxminddb

DEFAULT = (Path(__file__).resolve().parents[1] / "tracker/node_modules/@ip-location-db"
           / "geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb")


class Countries:
    """Looks countries up; without a file every country is unknown, ''."""

    def __init__(self, path=None):
        path = Path(path or os.environ.get("NETIV_COUNTRIES") or DEFAULT)
        try:
            self._reader = maxminddb.open_database(path)
        except (OSError, maxminddb.InvalidDatabaseError):
            self._reader = None

    @property
    def known(self):
        """Whether there is a file at all."""
        return self._reader is not None

    def country(self, address):
        """ISO 3166 code of the country, such as 'IL'; '' when unknown."""
        if not self._reader:
            return ""
        try:
            found = self._reader.get(address) or {}
        except (ValueError, maxminddb.InvalidDatabaseError):
            return ""
        # GeoLite and its kin nest the code, the npm file has it at the top
        code = found.get("country_code") or found.get("country", {}).get("iso_code", "")
        return code if len(code) == 2 else ""
