"""Who is the same visitor, for how long, and that nobody can tell afterwards who it was."""

import multiprocessing
import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from collector.sites import Site
from collector.visitor import Visitors, network

ZONE = "Asia/Jerusalem"
SHOP = Site(1, "shop", "Shop", "shop.example", ZONE, "ILS", 0, None, frozenset())
HOME, OFFICE = network("192.0.2.1"), network("198.51.100.7")
HOUR = 3_600_000


def at(text, zone=ZONE):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


NOON = at("2026-11-24 12:00")


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "keys"


def test_one_browser_is_one_visitor_all_day(keys):
    visitors = Visitors(keys)
    ids = {visitors.ids(SHOP, at(f"2026-11-24 {hour}"), HOME, "Firefox")[0] for hour in ("00:00", "12:00", "23:59:59")}
    assert len(ids) == 1


@pytest.mark.parametrize("other", [
    dict(network=OFFICE), dict(agent="Chrome"), dict(now=NOON + 24 * HOUR), dict(site=replace(SHOP, key="other"))])
def test_another_address_agent_day_or_site_is_another_visitor(keys, other):
    visitors = Visitors(keys)
    same = dict(site=SHOP, now=NOON, network=HOME, agent="Firefox")
    assert visitors.ids(**same)[0] != visitors.ids(**same | other)[0]


def test_two_installations_have_nothing_in_common(tmp_path):
    ids = [Visitors(tmp_path / name).ids(SHOP, NOON, HOME, "Firefox")[0] for name in ("one", "two")]
    assert ids[0] != ids[1]


def test_ids_are_signed_64_bit(keys):
    visitors = Visitors(keys)
    ids = [visitors.ids(SHOP, NOON, HOME, str(number))[0] for number in range(200)]
    assert min(ids) < 0 < max(ids)
    assert all(-2**63 <= each < 2**63 for each in ids)
    assert len(set(ids)) == 200


def test_after_midnight_yesterdays_id_is_known_for_three_hours(keys):
    visitors = Visitors(keys)
    before, _ = visitors.ids(SHOP, at("2026-11-24 23:50"), HOME, "Firefox")
    after, previous = visitors.ids(SHOP, at("2026-11-25 00:10"), HOME, "Firefox")
    assert previous == before != after
    assert visitors.ids(SHOP, at("2026-11-25 02:59"), HOME, "Firefox")[1] == before
    assert visitors.ids(SHOP, at("2026-11-25 03:00"), HOME, "Firefox")[1] is None


def test_yesterdays_key_is_not_made_up_when_there_was_none(keys):
    assert Visitors(keys).ids(SHOP, at("2026-11-25 00:10"), HOME, "Firefox")[1] is None
    assert len(list(keys.iterdir())) == 1


def test_the_day_is_the_sites_own(keys):
    visitors = Visitors(keys)
    evening_in_utc = at("2026-11-24 22:30", "UTC")  # half past midnight in Jerusalem
    there = visitors.ids(SHOP, evening_in_utc, HOME, "Firefox")[0]
    assert there == visitors.ids(SHOP, at("2026-11-25 12:00"), HOME, "Firefox")[0]
    assert there != visitors.ids(SHOP, at("2026-11-24 12:00"), HOME, "Firefox")[0]


@pytest.mark.parametrize("day, hours", [("2026-03-27", 23), ("2026-10-25", 25)])
def test_days_on_which_the_clock_changes_are_one_day(keys, day, hours):
    visitors = Visitors(keys)
    start = at(f"{day} 00:00")
    ids = {visitors.ids(SHOP, start + part, HOME, "Firefox")[0] for part in range(0, hours * HOUR, HOUR // 2)}
    assert len(ids) == 1
    assert visitors.ids(SHOP, start + hours * HOUR, HOME, "Firefox")[0] not in ids


def test_consent_and_signing_in_carry_on_the_same_session(keys):
    visitors = Visitors(keys)
    anonymous, _ = visitors.ids(SHOP, NOON, HOME, "Firefox")
    consenting, previous = visitors.ids(SHOP, NOON, HOME, "Firefox", visitor="v-1")
    assert previous == anonymous != consenting
    assert visitors.ids(SHOP, NOON, HOME, "Firefox", user="v-1")[0] != consenting


def test_a_consenting_visitor_is_the_same_on_other_days_and_a_user_on_other_devices(keys):
    visitors = Visitors(keys)
    later = NOON + 40 * 24 * HOUR
    assert visitors.ids(SHOP, NOON, HOME, "Firefox", visitor="v")[0] == visitors.ids(SHOP, later, OFFICE, "Firefox", visitor="v")[0]
    assert visitors.ids(SHOP, NOON, HOME, "Firefox", "v", "u")[0] == visitors.ids(SHOP, later, OFFICE, "Chrome", "", "u")[0]
    visitors.destroy_old(later)
    again = Visitors(keys)
    assert again.ids(SHOP, later, HOME, "x", user="u")[0] == visitors.ids(SHOP, NOON, HOME, "Firefox", user="u")[0]


def test_the_key_is_destroyed_when_the_last_session_of_its_day_can_have_ended(keys):
    visitors = Visitors(keys)
    noon, _ = visitors.ids(SHOP, NOON, HOME, "Firefox")
    visitors.destroy_old(at("2026-11-25 02:59"))
    assert len(list(keys.iterdir())) == 1
    visitors.destroy_old(at("2026-11-25 03:00"))
    assert list(keys.iterdir()) == []
    assert visitors.ids(SHOP, NOON, HOME, "Firefox")[0] != noon  # nor does the process remember it


def test_a_key_is_overwritten_before_it_is_deleted(keys, tmp_path):
    visitors = Visitors(keys)
    visitors.ids(SHOP, NOON, HOME, "Firefox")
    path, = keys.iterdir()
    witness = tmp_path / "witness"
    witness.hardlink_to(path)
    assert witness.read_bytes() != bytes(32)
    visitors.destroy_old(NOON + 48 * HOUR)
    assert witness.read_bytes() == bytes(32)


def test_keys_are_32_random_bytes_for_the_owner_alone(keys):
    Visitors(keys).ids(SHOP, NOON, HOME, "Firefox")
    path, = keys.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o777 == 0o700
    assert len(path.read_bytes()) == 32
    assert re.fullmatch(r"shop\.\d+\.\d+", path.name)


def _one_id(keys, barrier, answers):
    barrier.wait()
    answers.put(Visitors(keys).ids(SHOP, NOON, HOME, "Firefox")[0])


def test_processes_that_start_together_agree_on_the_key(keys):
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(6), fork.Queue()
    processes = [fork.Process(target=_one_id, args=(keys, barrier, answers)) for _ in range(6)]
    for process in processes:
        process.start()
    ids = {answers.get(timeout=20) for _ in processes}
    for process in processes:
        process.join()
    assert len(ids) == 1
    assert len(list(keys.iterdir())) == 1


def test_addresses_that_mean_the_same_network_are_the_same():
    assert network("::ffff:192.0.2.1") == network("192.0.2.1")
    assert network("2001:db8:0:1::1") == network("2001:db8:0:1:ffff::2") != network("2001:db8:0:2::1")
    assert network("unix socket") == b"unix socket"
