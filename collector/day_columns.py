"""What a day's sessions were and did as columns: a report reads the numbers it asks for of very many sessions at once. Pure.

A family has a row for each session, or as many as a session has of something. Its
rows come from columns_<family>.sql, the sessions latest last. They are packed
column by column, in pieces of so many sessions and events, and a piece in parts:

    a number     its place-by-place bytes (planes.py), under its name
    a word       texts that many rows share: "name" the place of each row's among them, "name.words" the texts
    a trail      pages by their codes: "name" how many each session has, "name.codes" their codes one after another
    a family of  "rows": of each session of "sessions" how many rows it has; they stand one session after another
    many rows
"""

from array import array
from typing import NamedTuple
from zlib import compress

from collector import trail
from collector.packed import QUICKLY
from collector.planes import pack, pack_planes

FORM = 7  # how days are packed; another number has every day packed anew
SESSIONS, EVENTS = 20_000, 200_000  # a piece that has so many of either is full
SESSIONS_READ, EVENTS_READ = 2_000, 10_000  # at once; one session may have more events
BETWEEN = "\n"  # two words: none of them has one
ROWS, WORDS, CODES = "rows", ".words", ".codes"
BESIDE = (WORDS, CODES)


class Family(NamedTuple):
    numbers: tuple
    words: tuple = ()
    trails: tuple = ()
    is_many: bool = True  # its rows begin with the session's id, and have no column of it

    @property
    def columns(self):
        return (*self.numbers, *self.words, *self.trails)

    def parts(self, names):
        """Under which names these columns are kept."""
        beside = {**dict.fromkeys(self.words, WORDS), **dict.fromkeys(self.trails, CODES)}
        return [*([ROWS] if self.is_many else []), *names, *(name + beside[name] for name in names if name in beside)]


def _family(numbers, words="", trails="", is_many=True):
    return Family(tuple(numbers.split()), tuple(words.split()), tuple(trails.split()), is_many)


FAMILIES = {
    "sessions": _family("id visitor person known previous_day hour lasted views clicks fields engaged_ms bounce rage dead error_clicks errors conversions "
                        "purchases revenue entry_page exit_page source medium campaign content term channel referrer country language device browser os",
                        words="goals", trails="trail", is_many=False),
    "pages": _family("page views engaged_ms scroll scrolled clicks"),
    "forms": _family("form viewed started submitted abandoned last_field completed"),
    "fields": _family("form field stays time_ms hesitations hesitation_ms corrections returns autofills pastes errors place"),
    "exposures": _family("name label"),
    "carts": _family("cart checkout told worth"),
    "last_errors": _family("kind what"),
    "left_fields": _family("field"),
    "clicks": _family("sign element label page link"),
    "events": _family("name reached amount"),
}


class Piece:
    """Columns of so many sessions: `wanted` is {family: names}. Their rows are taken some sessions at a time."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.sessions = self.events = 0
        self._numbers = {(family, part): array("q") for family, names in wanted.items() for part in FAMILIES[family].parts(names)}
        self._words = {(family, name): {} for family, names in wanted.items() for name in names if name in FAMILIES[family].words}  # the place of each
        self._codes = {(family, name): bytearray() for family, names in wanted.items() for name in names if name in FAMILIES[family].trails}

    def take_sessions(self, rows):
        """Rows of columns_sessions.sql, with their events."""
        self.sessions += len(rows)
        self.events += sum(row.events for row in rows)
        self._take("sessions", rows)

    def take(self, family, rows, sessions):
        """Rows of columns_<family>.sql; `sessions` are the ids of those taken just now, in order."""
        counts = dict.fromkeys(sessions, 0)
        rows = [row for row in rows if row[0] in counts]  # but for those written meanwhile
        for row in rows:
            counts[row[0]] += 1
        self._numbers[family, ROWS].extend(counts.values())
        self._take(family, rows)

    def _take(self, family, rows):
        if not rows:
            return
        kind = FAMILIES[family]
        columns = dict(zip(rows[0]._fields, zip(*rows)))
        for name in self.wanted[family]:
            column, numbers = columns[name], self._numbers[family, name]
            if name in kind.words:
                places = self._words[family, name]
                numbers.extend([places.setdefault(text, len(places)) for text in column])
            elif name in kind.trails:
                numbers.extend([len(text) // trail.WIDTH for text in column])
                self._codes[family, name] += "".join(column).encode()
            else:
                numbers.extend(column)

    @property
    def is_full(self):
        return self.sessions >= SESSIONS or self.events >= EVENTS

    def packed(self):
        """(family, part, bytes) of each column: a generator, for that takes a while."""
        for (family, part), numbers in self._numbers.items():
            if not part.endswith(BESIDE):
                yield family, part, pack(numbers)
        for (family, name), places in self._words.items():
            yield family, name + WORDS, compress(BETWEEN.join(places).encode(), QUICKLY)
        for (family, name), codes in self._codes.items():
            yield family, name + CODES, pack_planes([codes[at::trail.WIDTH] for at in range(1, trail.WIDTH)])


def pieces(ask, first, end, wanted=None):
    """The sessions between two ids as they are now: a generator of Piece, and of None now and then between. `ask` asks the store of the site.

    `wanted` is {family: names of its columns}; None: all there are.
    """
    wanted = wanted or {family: kind.columns for family, kind in FAMILIES.items()}
    piece = Piece(wanted)
    while sessions := ask("collector/columns_sessions", columns=_read(wanted, "sessions", "id", "events"), first=first, end=end, limit=SESSIONS_READ):
        for some in _shares(sessions):
            ids = [row.id for row in some]
            piece.take_sessions(some)
            for family in wanted:
                if family != "sessions":
                    yield
                    piece.take(family, ask(f"collector/columns_{family}", columns=_read(wanted, family, "session_id"), first=ids[0], end=ids[-1] + 1), ids)
            if piece.is_full:
                yield piece
                piece = Piece(wanted)
        first = sessions[-1].id + 1
    if piece.sessions:
        yield piece


def _shares(sessions):
    """The rows of sessions in turn, as many at a time as have EVENTS_READ events, or one that has more."""
    share, events = [], 0
    for row in sessions:
        if share and events + row.events > EVENTS_READ:
            yield share
            share, events = [], 0
        share.append(row)
        events += row.events
    yield share


def _read(wanted, family, *these):
    """The columns to read of a family's question, these first."""
    return tuple(dict.fromkeys((*these, *wanted[family])))
