"""How much one sender, and all of them together, may ask of the way in. In memory, each process for itself."""

import secrets
import time
from hashlib import blake2b

BODY_BYTES = 256 << 10  # on the wire
UNPACKED_BYTES = 1 << 20
REQUESTS_PER_SECOND = 50.0  # of one address to one site, in each worker process
BURST_SECONDS = 10
IN_FLIGHT = 12  # of a worker's 16 threads; the rest are there for people and for saying no
PATIENCE = 1.0  # seconds: a slow sender, a disk that stands still
MOST_SENDERS = 20_000


class Rate:
    """A bucket of requests for every site and address. Addresses are hashed under a key that lives in this process."""

    def __init__(self, per_second=REQUESTS_PER_SECOND, clock=time.monotonic):
        self._per_second = per_second
        self._most = per_second * BURST_SECONDS
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._buckets = {}

    def wait(self, site, network):
        """Takes one request out of the bucket; gives the seconds to wait, 0 when it may come in now.

        Takes the site's key and the sender's network as bytes. A rate of 0 lets everything in.
        """
        if not self._per_second:
            return 0
        who = blake2b(site.encode() + network, digest_size=8, key=self._key).digest()
        now = self._clock()
        left, at = self._buckets.get(who, (self._most, now))
        left = min(self._most, left + (now - at) * self._per_second)
        if left < 1:
            return max(1, round((1 - left) / self._per_second))
        if who not in self._buckets and len(self._buckets) >= MOST_SENDERS:
            self._forget(now)
        self._buckets[who] = (left - 1, now)
        return 0

    def _forget(self, now):
        """Drops senders whose bucket is full again by now; all of them when that is nobody."""
        full_since = now - BURST_SECONDS
        kept = {who: bucket for who, bucket in list(self._buckets.items()) if bucket[1] > full_since}
        self._buckets = kept if len(kept) < MOST_SENDERS else {}


class InFlight:
    """How many messages are being taken in at once. A rush may take every thread; a standstill may not."""

    def __init__(self, most=IN_FLIGHT, patience=PATIENCE, clock=time.monotonic):
        self._most = most
        self._patience = patience
        self._clock = clock
        self._since = {}  # oldest first

    def enter(self):
        """A place to `leave` again; None when `most` places are taken, one of them for too long."""
        now = self._clock()
        if len(self._since) >= self._most and now - min(list(self._since.values()), default=now) > self._patience:
            return None
        place = object()
        self._since[place] = now
        return place

    def leave(self, place):
        del self._since[place]
