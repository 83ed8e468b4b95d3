"""300 slow connections, with deploy/nginx.conf in front: events are still taken and pages still answer."""

import re
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.fault.server import SITE, Server, free_port, message, post, wait_until

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "deploy/nginx.conf"
NGINX = shutil.which("nginx", path=f"/usr/sbin:/usr/bin:{ROOT}/.netiv/nginx/usr/sbin")
pytestmark = [pytest.mark.fault, pytest.mark.skipif(not NGINX, reason="nginx is not installed")]


@pytest.fixture
def nginx(tmp_path):
    """Ours as it stands, but for the ports, between a real nginx and a real server."""
    with Server(tmp_path / "data", NETIV_PROXIES="1") as server:
        port = free_port()
        site = CONFIGURATION.read_text(encoding="utf-8").replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
        site = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
        # 300 connections of one machine stand for 300 senders
        site = re.sub(r"limit_conn netiv_connections \d+", "limit_conn netiv_connections 1000", site)
        (tmp_path / "site.conf").write_text(site, encoding="utf-8")
        temporary = "".join(f"{each}_temp_path {tmp_path}/{each};" for each in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (tmp_path / "nginx.conf").write_text(
            f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; worker_processes 1; events {{ worker_connections 2000; }}"
            f"http {{ {temporary} include {tmp_path}/site.conf; }}", encoding="utf-8")
        process = subprocess.Popen([NGINX, "-c", str(tmp_path / "nginx.conf"), "-g", "daemon off;"],
                                   env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, stderr=subprocess.DEVNULL)
        wait_until(lambda: post(port, b"") == 400, 10, "nginx answers")
        yield port, server
        process.terminate()
        process.wait(10)


def slow_sender(port, number):
    """Half of them stop in the headers, half in the body."""
    connection = socket.create_connection(("127.0.0.1", port))
    head = f"POST /event?site={SITE} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n"
    connection.sendall(head.encode() if number % 2 else (head + "\r\n{").encode())
    return connection


def test_events_are_taken_while_300_senders_are_slow(nginx):
    port, server = nginx
    slow = [slow_sender(port, number) for number in range(300)]
    waits = []
    try:
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:
            for connection in slow[:20]:
                connection.send(b"x")
            began = time.monotonic()
            assert post(port, message(f"between-{len(waits)}")) == 202
            waits.append(time.monotonic() - began)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            assert answer.status == 200
    finally:
        for connection in slow:
            connection.close()
    assert len(waits) > 300
    assert sorted(waits)[len(waits) * 99 // 100] < 0.5
    server.wait_until_drained({f"between-{number}" for number in range(len(waits))})


def test_the_address_nginx_names_is_the_senders_and_cannot_be_made_up(nginx):
    port, server = nginx
    for name, forged in (("first", "8.8.8.8"), ("second", "9.9.9.9")):
        request = urllib.request.Request(f"http://127.0.0.1:{port}/event?site={SITE}", message(name, user=""),
                                         {"X-Forwarded-For": forged, "User-Agent": "netiv-test/1"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status == 202
    server.wait_until_drained({"first", "second"})
    assert server.ask("select count(distinct visitor_id) from sessions") == [(1,)]


def test_a_message_too_long_is_told_so_by_netiv(nginx):
    port, _ = nginx
    assert post(port, b" " * (256 * 1024 + 1)) == 413
