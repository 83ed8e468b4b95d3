"""Who a message is from, without keeping who it is from: a hash under a key that is destroyed.

A site's key of the day is 32 random bytes in DATA/keys/<site>.<day>.<until>,
mode 0600, outside database, WAL and backups. All processes share it: whoever
first needs it makes it, the others find it. `until` is when the last session of
that day can have ended; then the file is overwritten and deleted, and nobody
can tell any more which address an id stood for.
"""

import os
import secrets
import socket
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from collector.spool import sync_directory

KEPT_HOURS = 3  # after its day: sessions that began before midnight go on for a while
EPOCH = date(1970, 1, 1)
FOREVER = "always"


class Visitors:
    """Gives ids to senders. `directory` is DATA/keys."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self._keys = {}  # (site, day) -> bytes or None
        self._days = {}  # site -> _Day

    def ids(self, site, now, network, agent, visitor="", user=""):
        """(id, previous id or None), 64 bits signed each.

        Takes the Site, UTC milliseconds, the sender's network (see `network`),
        user agent, and what a consenting visitor or the site's owner gave: the
        owner's user id stands for the person on every device, a first-party id
        for one browser. `previous` is the id the same sender had a moment ago:
        under yesterday's key, or before consent or signing in.
        """
        day = self._day(site, now)
        seed = network + b"\0" + agent.encode("utf-8", "replace")
        today = _hash(self._key(site.key, day.number, day.until), seed)
        if user or visitor:
            return self._known(site, "user", user) if user else self._known(site, "visitor", visitor), today
        yesterday = self._key(site.key, day.number - 1, day.began_at + KEPT_HOURS * 3_600_000, make=False) \
            if now < day.began_at + KEPT_HOURS * 3_600_000 else None
        return today, _hash(yesterday, seed) if yesterday else None

    def customer(self, site, user):
        """The id of the owner's own customer: the one ids() gives whenever this user is signed in."""
        return self._known(site, "user", user)

    def imported(self, site, visitor):
        """The id of a visitor by the name that another system's history gave to him."""
        return self._known(site, "imported", visitor)

    def _known(self, site, how, name):
        return _hash(self._key(site.key, FOREVER, 0), f"{how}\0{name}".encode())

    def _day(self, site, now):
        day = self._days.get(site.key)
        if not day or day.timezone != site.timezone or not day.began_at <= now < day.ends_at:
            day = self._days[site.key] = _Day(site, now)
        return day

    def _key(self, site, day, until, make=True):
        key = self._keys.get((site, day))
        if key is None and (make or (site, day) not in self._keys):
            path = self.directory / f"{site}.{day}.{until}"
            key = self._keys[site, day] = _read(path) or (_make(path) if make else None)
        return key

    def destroy_old(self, now):
        """Destroys keys whose time is over, here and on the disk. Called now and then by the keeper."""
        for path in self.directory.glob("*.*.*"):
            site, day, until = path.name.rsplit(".", 2)
            if day != FOREVER and until.isdigit() and int(until) <= now:
                _destroy(path)
        today = {site: day.number for site, day in list(self._days.items()) if now < day.ends_at}
        night = {site: now < day.began_at + KEPT_HOURS * 3_600_000 for site, day in list(self._days.items())}
        for site, day in list(self._keys):
            if day != FOREVER and day != today.get(site) and not (night.get(site) and day + 1 == today.get(site)):
                self._keys.pop((site, day), None)


def destroy_keys(directory, gone):
    """Destroys every key of the sites for whose key `gone` says True."""
    for path in Path(directory).glob("*.*.*"):
        if gone(path.name.rsplit(".", 2)[0]):
            _destroy(path)


class _Day:
    """A day of a site's calendar: its number since 1970-01-01, where it begins and ends, until when its key is kept."""

    def __init__(self, site, now):
        zone = site.zone
        local = datetime.fromtimestamp(now / 1000, zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        self.timezone = site.timezone
        self.number = (midnight.date() - EPOCH).days
        self.began_at = _milliseconds(midnight)
        self.ends_at = _milliseconds(datetime.combine(midnight.date() + timedelta(days=1), datetime.min.time(), zone))
        self.until = self.ends_at + KEPT_HOURS * 3_600_000


def _milliseconds(moment):
    return int(moment.timestamp() * 1000)


@lru_cache(maxsize=4096)
def network(address):
    """The address as bytes; of an IPv6 address the first half, because the rest changes by itself.

    >>> network("192.0.2.7") == network("::ffff:192.0.2.7")
    True
    >>> network("2001:db8::1") == network("2001:db8::2")
    True
    """
    try:
        return socket.inet_pton(socket.AF_INET, address)
    except OSError:
        pass
    try:
        packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
    except OSError:
        return address.encode("utf-8", "replace")
    return packed[12:] if packed.startswith(bytes(10) + b"\xff\xff") else packed[:8]


def _hash(key, text):
    return int.from_bytes(blake2b(text, digest_size=8, key=key).digest(), "big", signed=True)


def _read(path):
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    return key if len(key) == 32 else None


def _make(path):
    """Makes the key, or gives the one another process made in the same moment. Raises OSError when it cannot be kept."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    fd = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # all or nothing: nobody ever reads half a key
        except FileExistsError:
            pass
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)
    key = _read(path)
    if not key:
        raise OSError(f"{path.name} among the keys cannot be read")
    return key


def _destroy(path):
    try:
        with open(path, "r+b") as file:
            file.write(bytes(32))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        pass  # another process was faster
