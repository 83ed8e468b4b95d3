"""How much one sender may ask, and when everybody is told to wait."""

from collector import limits
from collector.limits import InFlight, Rate


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_a_burst_is_let_in_and_then_only_the_rate():
    clock = Clock()
    rate = Rate(2, clock)
    assert [rate.wait("shop", b"home") for _ in range(20)] == [0] * 20
    assert rate.wait("shop", b"home") == 1
    clock.now += 0.5
    assert rate.wait("shop", b"home") == 0
    assert rate.wait("shop", b"home") == 1


def test_a_slow_rate_says_how_long_to_wait():
    rate = Rate(0.1, Clock())
    rate.wait("shop", b"home")
    assert rate.wait("shop", b"home") == 10


def test_one_sender_does_not_use_up_anothers_share():
    rate = Rate(1, Clock())
    while not rate.wait("shop", b"home"):
        pass
    assert rate.wait("shop", b"office") == 0
    assert rate.wait("other", b"home") == 0


def test_a_rate_of_nought_lets_everything_in():
    rate = Rate(0, Clock())
    assert {rate.wait("shop", b"home") for _ in range(1000)} == {0}


def test_memory_stays_small_and_addresses_are_not_in_it(monkeypatch):
    monkeypatch.setattr(limits, "MOST_SENDERS", 100)
    clock = Clock()
    rate = Rate(1, clock)
    for number in range(1000):
        clock.now += 0.001
        rate.wait("shop", b"network %d" % number)
    assert len(rate._buckets) <= 100
    assert not any(b"network" in who for who in rate._buckets)


def test_a_rush_is_let_in_but_a_standstill_is_not():
    clock = Clock()
    doors = InFlight(most=3, patience=1.0, clock=clock)
    places = [doors.enter() for _ in range(5)]
    assert all(places)
    clock.now += 1.5
    assert doors.enter() is None
    for place in places[:3]:
        doors.leave(place)
    assert doors.enter() is not None


def test_one_slow_sender_is_no_standstill():
    clock = Clock()
    doors = InFlight(most=3, patience=1.0, clock=clock)
    doors.enter()
    clock.now += 60
    assert doors.enter() and doors.enter()
