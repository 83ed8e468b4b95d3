"""Answers lost on the way: the sender comes again with the same ids, and nothing is counted twice."""

import random
import socket
import threading

import pytest

from tests.fault.server import Senders, Server, wait_until

pytestmark = pytest.mark.fault


class LossyWay:
    """A TCP proxy to `port` that loses half of the answers, before or after the server has seen all of the message."""

    def __init__(self, port):
        self._to = port
        self._chance = random.Random(7)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.lost = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                sender, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=[sender], daemon=True).start()

    def _carry(self, sender):
        with sender, socket.create_connection(("127.0.0.1", self._to)) as server:
            sender.settimeout(0.2)
            try:
                while data := sender.recv(65536):
                    server.sendall(data)
                    if data.endswith(b"}"):
                        break
            except TimeoutError:
                pass
            server.settimeout(10)
            answer = server.recv(65536)
            if self._chance.random() < 0.5:
                self.lost += 1
            else:
                sender.sendall(answer)

    def close(self):
        self._listener.close()


def test_answers_lost_and_sent_again_are_stored_once(tmp_path):
    with Server(tmp_path) as server:
        way = LossyWay(server.port)
        with Senders(way.port) as senders:
            wait_until(lambda: len(senders.acknowledged) >= 300, 60, "300 messages are acknowledged")
        way.close()
        server.wait_until_drained(senders.acknowledged)
        stored = server.stored()
        assert way.lost > 100
        assert set(stored.values()) == {1}
        assert len(stored.keys() - senders.acknowledged) <= 4  # the last of each sender, when it was told to stop
        # the last of them may still lie in another worker's part of the spool
        wait_until(lambda: duplicates(server) >= way.lost - 4, 20, "what was delivered again is counted as left out")


def duplicates(server):
    (events,), = server.ask("select coalesce(sum(events), 0) from exclusions where reason = 'duplicate'")
    return events
