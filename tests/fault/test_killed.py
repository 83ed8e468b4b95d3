"""kill -9 of any process while messages come in: what was acknowledged is stored, and nothing twice."""

import random
import time

import pytest

from tests.fault.server import Senders, Server, kill, post, wait_until

pytestmark = pytest.mark.fault


def exactly_once(server, senders):
    server.wait_until_drained(senders.acknowledged)
    stored = server.stored()
    assert senders.acknowledged <= stored.keys()
    assert {name: times for name, times in stored.items() if times != 1} == {}
    assert server.ask("select count(*) from events") == [(len(stored),)]
    assert server.ask("select sum(events) from sessions") == [(len(stored),)]
    assert server.ask("select sum(events) from hours") == [(len(stored),)]


def test_fifty_kills_lose_nothing_and_count_nothing_twice(tmp_path):
    chance = random.Random(2026)
    victims = ["loader"] * 22 + ["worker"] * 22 + ["master"] * 6
    chance.shuffle(victims)
    with Server(tmp_path) as server:
        with Senders(server.port, pause=0.01) as senders:  # the store keeps 20,000 new names a day
            for victim in victims:
                time.sleep(chance.uniform(0.05, 0.6))
                if victim == "master":
                    server.kill_master()
                    server.start()
                elif victim == "worker":
                    wait_until(server.workers, 10, "a worker is there")
                    kill(chance.choice(server.workers()))
                else:
                    wait_until(server.loaders, 10, "a loader is there")
                    kill(chance.choice(server.loaders()))
        assert len(senders.acknowledged) > 500
        exactly_once(server, senders)


def test_another_loader_is_there_within_two_seconds(tmp_path):
    with Server(tmp_path) as server:
        wait_until(lambda: server.health()["loader"]["alive"], 10, "a loader works")
        time.sleep(1)
        killed, = server.loaders()
        kill(killed)
        wait_until(lambda: server.health()["loader"]["alive"] and killed not in server.loaders(), 2, "another loader works")


def test_when_the_keepers_worker_dies_another_worker_keeps_the_loader(tmp_path):
    with Server(tmp_path) as server:
        wait_until(lambda: server.health()["loader"]["alive"], 10, "a loader works")
        first = server.loaders()
        for worker in server.workers():  # whichever it is
            kill(worker)
        assert post(server.port, b"") in (400, None)
        wait_until(lambda: server.loaders() and not set(first) & set(server.loaders())
                   and server.health()["loader"]["alive"], 5, "another loader works")


def test_a_loader_drains_and_ends_when_its_server_stops(tmp_path):
    with Server(tmp_path) as server, Senders(server.port) as senders:
        time.sleep(1)
        senders.stop()
        server.stop()
        assert senders.acknowledged == server.stored().keys()
        server.start()
