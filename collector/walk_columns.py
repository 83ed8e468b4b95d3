"""The walks of a day's sessions as columns: what many of them met is added up far sooner than from a row for each meeting. Pure.

Sessions stand latest first, the touchpoints they met one session after another.
What is alike for many stands once, and they have its place: the `kinds` of
meetings, and the ways through the stages. Numbers that are hardly ever other than
their least stand by themselves, with the meeting they are of.

Whether a session was its visitor's last is known only later. So every walk ends
here as if the visitor had left; after which sessions he came again, and into
which stage, stands apart in `walk_ends`, where it is soon changed.
"""

from array import array
from itertools import accumulate, chain, compress, repeat
from operator import not_
from zlib import compress as deflate

from collector.matcher import LEAVE_SITE, RETURN, TROUBLED
from collector.packed import QUICKLY
from collector.planes import pack, unpack

CODES = {  # column of `walk_columns`: its numbers, as `array` calls them
    "ids": "q", "people": "I", "ways": "I", "meetings": "I",  # of each session: its visitor's and its way's place, how many touchpoints it met
    "lasting": "q",  # of each visitor of the day: the id by which he can be known again, NOBODY for none
    "met": "I", "engaged": "q",  # of each meeting: the place of its kind, milliseconds
    "more_of": "I", "more_what": "B", "more": "q",  # of each number that stands by itself: place of the meeting, place in MORE
    "kinds": "I", "moves": "I", "steps": "I"}  # KIND of each kind; MOVE of each move there is; (way, move) of each move of each way
ENDS = ("ends", "I")  # the same of `walk_ends`, for each session
KIND = ("touchpoint", "stage", "moved", "entered", "stage_moved", "converted")
MOVE = ("from_stage", "to_stage", "kind")
MORE = ("times", "rage", "dead", "error_clicks", "errors", "slow", "form_errors", "revenue")  # times beyond the first
PIECE = 5_000  # sessions
NOBODY = 0
CAME = 1  # of `walk_ends`: added to the stage into which the visitor came again; 0 when he did not
LEFT = tuple(bits & ~(1 << RETURN) | 1 << LEAVE_SITE if bits & 1 << RETURN else bits for bits in range(2 * TROUBLED))


class Columns:
    """The walks of one day, taken session by session, latest first. A day may have many, so all but the last are held packed."""

    def __init__(self):
        self._columns = {name: array(code) for name, code in (*CODES.items(), ENDS)}
        self._packed = {name: [] for name in self._columns}  # pieces of each column, before what stands in it
        self._kinds, self._moves, self._ways = {}, {}, {}  # the place of each
        self._people = {}  # session still to come: the place of its visitor
        self._met = 0  # meetings in pieces

    def add(self, session, previous, lasting, touchpoints, moves):
        """A session's rows of `session_touchpoints` and of `session_moves`. `previous` is its visitor's session before it on this day, or
        None; `lasting` the id by which he can be known again, or None."""
        columns, kinds = self._columns, self._kinds
        if len(columns["ids"]) >= PIECE:
            self._put_away()
        columns["ids"].append(session)
        columns["people"].append(self._person(session, previous, lasting))
        columns["ways"].append(self._way(moves))
        columns["meetings"].append(len(touchpoints))
        met, engaged = columns["met"], columns["engaged"]
        for _, _, touchpoint, stage, times, engaged_ms, *troubles, moved, entered, stage_moved, converted, revenue in touchpoints:
            more = times - 1, *troubles, revenue
            if any(more):
                for what, number in enumerate(more):
                    if number:
                        columns["more_of"].append(self._met + len(met))
                        columns["more_what"].append(what)
                        columns["more"].append(number)
            met.append(kinds.setdefault((touchpoint, stage, LEFT[moved], entered, LEFT[stage_moved], converted), len(kinds)))
            engaged.append(engaged_ms)

    def _person(self, session, previous, lasting):
        """The place of a session's visitor among those of the day."""
        found = self._columns["lasting"]
        place = self._people.pop(session, len(found))
        if place == len(found):
            found.append(lasting or NOBODY)
        if previous is not None:
            self._people[previous] = place
        return place

    def _way(self, rows):
        """The place of what a session's moves come to when it ends as if the visitor had left."""
        moves, trail, places = self._moves, "", []
        self._columns["ends"].append(0)
        for _, _, from_stage, to_stage, kind, _, of_entry in rows:
            if kind == RETURN:
                self._columns["ends"][-1] = to_stage + CAME
                to_stage, kind = 0, LEAVE_SITE
            trail = trail or of_entry
            places.append(moves.setdefault((from_stage, to_stage, kind), len(moves)))
        return self._ways.setdefault((trail, tuple(places)), len(self._ways))

    def _put_away(self):
        self._met += len(self._columns["met"])
        for name in {*self._columns} - {"lasting"}:
            self._packed[name].append(pack(self._columns[name]))
            del self._columns[name][:]

    def packed(self):
        """What stands in a row of `walk_columns` after journey and day, and what stands in one of `walk_ends`."""
        self._columns["kinds"].extend(chain.from_iterable(self._kinds))
        self._columns["moves"].extend(chain.from_iterable(self._moves))
        for way, (_, places) in enumerate(self._ways):
            self._columns["steps"].extend(chain.from_iterable(zip(repeat(way), places)))
        *columns, ends = map(self._whole, self._columns)
        return (*columns, deflate("\n".join(trail for trail, _ in self._ways).encode(), QUICKLY)), ends

    def _whole(self, name):
        column = self._columns[name]
        if not self._packed[name]:
            return pack(column)
        whole = array(column.typecode)
        for piece in self._packed[name]:
            whole.extend(unpack(piece, column.typecode))
        return pack(whole + column)


def ended_anew(ids, ends, came):
    """The same of `walk_ends` after the visitors of some sessions came again; `came` is {session: the stage into which}."""
    ends = unpack(ends, ENDS[1])
    for place, session in enumerate(unpack(ids, CODES["ids"])):
        if session in came:
            ends[place] = came[session] + CAME
    return pack(ends)


def without(row, sessions):
    """(what is left of a row of `walk_columns` without some sessions, of one of `walk_ends`); takes both in one."""
    found = {name: unpack(getattr(row, name), code) for name, code in (*CODES.items(), ENDS)}
    stays = [session not in sessions for session in found["ids"]]
    stays_met = list(chain.from_iterable(map(repeat, stays, found["meetings"])))
    places = list(accumulate(stays_met, initial=0))
    gone = set(compress(found["people"], map(not_, stays)))  # with all that they did
    found["lasting"] = array("q", (NOBODY if place in gone else each for place, each in enumerate(found["lasting"])))
    stays_more = [stays_met[place] for place in found["more_of"]]
    found["more_of"] = array("I", map(places.__getitem__, found["more_of"]))
    for those, names in ((stays, ("ids", "people", "ways", "meetings", "ends")), (stays_met, ("met", "engaged")), (stays_more, ("more_of", "more_what", "more"))):
        found |= {name: array(found[name].typecode, compress(found[name], those)) for name in names}
    ends = pack(found.pop("ends"))
    return (*map(pack, found.values()), row.trails), ends
