"""Names of sessions and visitors in addresses: the same for good, and nothing to be read from them.

Addresses are passed on, kept in histories and written into logs. So an id
stands in none; in its place stands the id enciphered under this installation's
secret. Whoever has the secret gets the id back; to others two names say
nothing, not even whether two sessions are of one visitor. A name holds for one
site and for one kind of thing only.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b

from collector.fields import N_
from collector.filters import BadFilter
from collector.prepare import secret

ROUNDS = 8
_FORM = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Names:
    """Names and ids of one site. `key` is bytes, 64 at most."""

    key: bytes
    site: int

    def session(self, session_id):
        """The name of a session.

        >>> names = Names(b"secret", 1)
        >>> names.session(7), names.session_id(names.session(7)), names.person_id(names.session(7)) == 7
        ('464c171a6186c56e', 7, False)
        """
        return self._written("session", session_id)

    def session_or_none(self, session_id):
        """The name of a session, "" where there is none."""
        return self.session(session_id) if session_id else ""

    def session_id(self, text):
        """The id that a name stands for, whether there is such a session or not; None when it cannot be one."""
        found = self._read("session", text)
        return found if found is not None and found >= 0 else None

    def person(self, visitor_id):
        """The name of a visitor, by the id under which he or she can be known."""
        return self._written("person", visitor_id)

    def person_id(self, text):
        return self._read("person", text)

    def person_condition(self, typed, values):
        """The filter `person` as a condition on a row of `sessions`. Adds to `values` what it binds. Raises BadFilter."""
        bound = []
        for each in typed:
            found = self.person_id(each)
            if found is None:
                raise BadFilter("person", N_("is %(typed)s; write the name that a report gives a visitor"), typed=each[:40])
            bound.append(f"filter{len(values)}")
            values[bound[-1]] = found
        return f"(coalesce(lasting, visitor_id) in ({', '.join(':' + name for name in bound)}))"

    def _written(self, kind, number):
        left, right = divmod(number % (1 << 64), 1 << 32)
        for turn in range(ROUNDS):
            left, right = right, left ^ self._mixed(kind, turn, right)
        return f"{left:08x}{right:08x}"

    def _read(self, kind, text):
        """The number, 64 bits signed, or None."""
        if not _FORM.fullmatch(text):
            return None
        left, right = int(text[:8], 16), int(text[8:], 16)
        for turn in reversed(range(ROUNDS)):
            left, right = right ^ self._mixed(kind, turn, left), left
        number = left << 32 | right
        return number - (1 << 64) if number >> 63 else number

    def _mixed(self, kind, turn, half):
        """32 bits that follow from the key and half of the number: the round of a Feistel network, which keyed
        pseudorandom functions make a pseudorandom permutation (Luby and Rackoff 1988)."""
        text = f"{kind} {self.site} {turn} {half}".encode()
        return int.from_bytes(blake2b(text, key=self.key, digest_size=4).digest(), "big")


def of(store, site):
    """The Names of a site, under the secret beside its database."""
    return Names(secret(store.path.parent).encode()[:64], site.id)
