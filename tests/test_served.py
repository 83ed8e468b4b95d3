"""The way in under the real gunicorn with its real settings: whatever a client sends, the answer is never a 5xx."""

import os
import re
import socket
import urllib.request
from pathlib import Path

import pytest

from tests.fault.server import SITE, Server, children, message, post, wait_until

POST = f"POST /event?site={SITE} HTTP/1.1\r\nHost: a\r\n".encode()
GOOD = message("good")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data_dir = tmp_path_factory.mktemp("served")
    (data_dir / "keys").mkdir(mode=0o700)
    (data_dir / "keys" / f"{SITE}.20000.1728000000000").write_bytes(b"k" * 32)  # of a day long ago
    with Server(data_dir) as server:
        yield server


def answer(server, raw, half_close=True):
    """Status of the answer to raw bytes; None when the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(raw)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while data := connection.recv(65536):
            received += data
            if b"\r\n\r\n" in received:
                break
    found = re.match(rb"HTTP/1\.\d (\d+)", received)
    return int(found[1]) if found else None


def chunks(*parts):
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("raw, expected", [
    (CHUNKED + chunks(GOOD[:10], GOOD[10:]), {202}),
    (CHUNKED + chunks(b" " * 200_000, b" " * 200_000), {413}),
    (CHUNKED + b"zz\r\n", {400}),
    (CHUNKED + b"-5\r\n", {400}),
    (CHUNKED + b"5\r\nabc", {400, None}),
    (CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n", {400}),
    (CHUNKED + b"ffffffffffffffffff\r\nabc", {400, None}),
    (CHUNKED + chunks(GOOD)[:-2] + b"Bad Trailer\r\n\r\n", {202, 400}),
    (POST + b"Content-Length: 100\r\n\r\nshort", {400, None}),
    (POST + b"Content-Length: abc\r\n\r\n", {400}),
    (POST + b"Content-Length: -1\r\n\r\n", {400}),
    (POST + b"Content-Length: 999999999999\r\n\r\n", {413}),
    (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
    (POST + b"X: " + b"y" * 9000 + b"\r\n\r\n", {400, 431}),
    (POST + b"".join(b"X%d: y\r\n" % number for number in range(200)) + b"\r\n", {400, 431}),
    (POST + b"\r\n", {400}),
    (b"POST /event?site=" + b"z" * 5000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", {400, 414}),
    (b"POST /event?site=%FF%00%0d%0aX: HTTP/1.1\r\nHost: a\r\n\r\n", {404, 400}),
    (b"\x16\x03\x01\x02\x00\x01\x00", {400, None}),
    (POST + b"User-Agent: \xff\xfe\x80\r\nX-Forwarded-For: ,,,;\r\nContent-Length: %d\r\n\r\n%b" % (len(GOOD), GOOD), {202, 400}),
    (POST + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08", {400}),
], ids=lambda value: str(value[-40:])[:60] if isinstance(value, bytes) else str(value))
def test_strange_requests(server, raw, expected):
    assert answer(server, raw) in expected


def test_after_all_that_messages_are_taken_and_nothing_went_wrong(server):
    assert post(server.port, message("after")) == 202
    log = (server.data_dir / "server.log").read_text()
    assert "Traceback" not in log


def test_a_message_refused_before_its_body_is_read_leaves_the_connection_usable(server):
    unknown = b"POST /event?site=nobody HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b" % (len(GOOD), GOOD)
    good = POST + b"Content-Length: %d\r\n\r\n%b" % (len(GOOD), GOOD)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(unknown + good)
        received = b""
        while received.count(b"HTTP/1.1") < 2:
            data = connection.recv(65536)
            assert data
            received += data
    assert re.findall(rb"HTTP/1\.1 (\d+)", received) == [b"404", b"202"]


def test_the_tracker_comes_packed(server):
    dist = Path(__file__).resolve().parents[1] / "tracker/dist/manifest.json"
    if not dist.exists():
        pytest.skip("the tracker is not built: make setup")
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/netiv.js", headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(request, timeout=5) as script:
        assert script.headers["Content-Encoding"] == "br"


def test_what_the_server_writes_is_for_its_user_alone(server):
    post(server.port, message("private"))
    for path in [*server.data_dir.glob("spool/*"), *server.data_dir.glob("keys/*"), server.data_dir / "secret"]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_no_database_is_open_in_the_process_that_forks(server):
    """An SQLite connection that lives on in two processes destroys its file."""
    wait_until(lambda: len(children(server.master.pid)) >= 2, 10, "workers are there")
    opened = {os.readlink(each) for each in Path(f"/proc/{server.master.pid}/fd").iterdir() if each.exists()}
    assert not [name for name in opened if ".db" in name or ".spool" in name]


def test_old_keys_are_destroyed_though_nobody_asks(server):
    wait_until(lambda: not list(server.data_dir.glob("keys/*.20000.*")), 5, "the key of a day long ago is gone")
