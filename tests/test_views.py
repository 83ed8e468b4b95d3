"""The way in, as a sender meets it: every answer of docs/http-api.md."""

import gzip
import io
import json
import threading
import time

import pytest
from gunicorn.http.errors import InvalidChunkSize
from werkzeug.test import Client

from collector import sites, spool, views
from collector.script import Script
from collector.views import front

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
GOOD = {"sent_at": 1, "pages": [{"view": "a1b2c3d4", "url": "https://shop.example/"}],
        "events": [{"type": "pageview", "n": 0, "at": 1}]}


def beyond(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"the application"]


@pytest.fixture
def way_in(data_dir, store, site):
    way_in = front(beyond, data_dir, store, rate=0, script=Script(data_dir / "dist"))
    yield way_in
    way_in.spool.close()


@pytest.fixture
def client(way_in):
    return Client(way_in)


def send(client, body=GOOD, site="guitars", **more):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    more.setdefault("headers", {"User-Agent": FIREFOX})
    more.setdefault("environ_overrides", {"REMOTE_ADDR": "132.64.0.1"})
    return client.post(f"/event?site={site}", data=data, **more)


def stored(data_dir):
    return spool.read(data_dir / "spool", {})[0]


def said(answer):
    return answer.status_code, answer.json["error"]["field"]


def test_a_message_is_taken_and_lies_in_the_spool(client, data_dir):
    before = time.time() * 1000
    answer = send(client)
    assert (answer.status_code, answer.json) == (202, {"accepted": 1, "rejected": []})
    kept, = stored(data_dir)
    assert before - 1 <= kept.received_at <= time.time() * 1000
    assert (kept.site, kept.browser, kept.browser_version, kept.os, kept.device) == ("guitars", "Firefox", "132", "Linux", "desktop")
    assert kept.country == "IL" and kept.bot == "" and kept.opt_out == ""
    assert json.loads(kept.body) == GOOD


def test_neither_address_nor_agent_reach_the_disk(client, data_dir):
    send(client)
    everything = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert b"132.64.0.1" not in everything and FIREFOX.encode() not in everything


def test_bad_events_are_named_inside_a_202(client, data_dir):
    answer = send(client, GOOD | {"events": [*GOOD["events"], {"type": "zip"}]})
    assert answer.status_code == 202
    assert answer.json == {"accepted": 1, "rejected": [{"index": 1, "field": "type", "message": "cannot be 'zip'"}]}
    assert len(stored(data_dir)) == 1


@pytest.mark.parametrize("body, field", [(b"", "body"), (b"hello", "body"), (b"[]", "body"), (b"{}", "sent_at"),
                                         (b"\xff", "body"), (b"[" * 1000, "body")])
def test_what_is_no_message_is_400_and_nothing_is_stored(client, data_dir, body, field):
    assert said(send(client, body)) == (400, field)
    assert stored(data_dir) == []


@pytest.mark.parametrize("query", ["?site=nobody", "", "?site=", "?place=guitars", "?site=%00", "?site=a&site=guitars",
                                   "?" + "&".join("abc") * 200])
def test_an_unknown_site_is_404(client, query):
    assert said(client.post(f"/event{query}", data=b"{}")) == (404, "site")


@pytest.mark.parametrize("query", ["?site=guitars", "?v=1&site=guitars", "?site=guitars&v=1", "?site=guitar%73"])
def test_the_site_is_found_wherever_it_stands(client, query):
    assert client.post(f"/event{query}", data=json.dumps(GOOD)).status_code == 202


def test_a_new_site_is_known_within_two_seconds(client, store):
    assert send(client, site="fresh").status_code == 404
    sites.add(store, "Fresh", "fresh.example", key="fresh")
    deadline = time.monotonic() + 2
    while send(client, site="fresh").status_code != 202:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_sizes_on_the_wire_and_unpacked(client):
    fits = json.dumps(GOOD).encode() + b" " * (256 * 1024 - len(json.dumps(GOOD)))
    assert send(client, fits).status_code == 202
    assert said(send(client, fits + b" ")) == (413, "body")
    assert packed(client, fits + b" " * 700_000).status_code == 202
    assert said(packed(client, fits + b" " * 800_000)) == (413, "body")


def packed(client, body, coding="gzip"):
    return send(client, gzip.compress(body), headers={"Content-Encoding": coding, "User-Agent": FIREFOX})


def test_a_gzip_bomb_is_not_blown_up(client):
    bomb = gzip.compress(bytes(200_000_000), 9)
    assert len(bomb) < 256 * 1024
    started = time.process_time()
    assert said(send(client, bomb, headers={"Content-Encoding": "gzip"})) == (413, "body")
    assert time.process_time() - started < 0.1


def test_what_says_gzip_and_is_none(client):
    assert said(send(client, b"{}", headers={"Content-Encoding": "gzip"})) == (400, "body")
    assert said(send(client, gzip.compress(json.dumps(GOOD).encode())[:-9], headers={"Content-Encoding": "gzip"})) == (400, "body")
    assert said(packed(client, b"{}", "br")) == (415, "content-encoding")


def test_a_gzipped_message_is_stored_plain(client, data_dir):
    assert packed(client, json.dumps(GOOD).encode()).status_code == 202
    assert json.loads(stored(data_dir)[0].body) == GOOD


class Chunks(io.BytesIO):
    """A chunked body as gunicorn hands it on."""

    def __init__(self, data=b"", error=None):
        super().__init__(data)
        self.error = error

    def read(self, size=-1):
        if self.error:
            raise self.error
        return super().read(size)


def chunked(way_in, stream, **more):
    told = []
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/event", "QUERY_STRING": "site=guitars", "REMOTE_ADDR": "192.0.2.1",
               "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": stream, "wsgi.input_terminated": True, **more}
    body = b"".join(way_in(environ, lambda status, fields: told.append(status)))
    return told[0], json.loads(body)


def test_a_chunked_body_is_read_to_its_limit(way_in):
    good = json.dumps(GOOD).encode()
    assert chunked(way_in, Chunks(good))[0] == "202 Accepted"
    assert chunked(way_in, Chunks(good + b" " * 256 * 1024))[0] == "413 Content Too Large"


@pytest.mark.parametrize("error", [InvalidChunkSize(b"zz"), ConnectionResetError(), TimeoutError()])
def test_broken_framing_is_the_senders_fault(way_in, error):
    status, body = chunked(way_in, Chunks(error=error))
    assert status == "400 Bad Request" and body["error"]["field"] == "body"


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30, "300000"])
def test_a_strange_length_is_413(way_in, length):
    assert chunked(way_in, Chunks(b"{}"), CONTENT_LENGTH=length)[0] == "413 Content Too Large"


def test_a_body_shorter_than_its_length_is_400(way_in):
    assert chunked(way_in, Chunks(b"{}"), CONTENT_LENGTH="100")[0] == "400 Bad Request"


def test_too_many_requests_of_one_address(data_dir, store, site):
    client = Client(front(beyond, data_dir, store, rate=0.5))
    answers = [send(client) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "2"
    assert answers[-1].headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert send(client, environ_overrides={"REMOTE_ADDR": "192.0.2.9"}).status_code == 202


def test_the_order_of_refusal_and_that_the_body_is_not_read_before(data_dir, store, site):
    way_in = front(beyond, data_dir, store, rate=0.1)
    unread = Chunks(error=AssertionError("the body was read"))
    good = json.dumps(GOOD).encode()
    assert chunked(way_in, Chunks(good))[0] == "202 Accepted"
    big = str(300 * 1024)
    assert chunked(way_in, unread, QUERY_STRING="site=nobody", CONTENT_LENGTH=big)[0][:3] == "404"
    assert chunked(way_in, unread, CONTENT_LENGTH=big)[0][:3] == "413"
    assert chunked(way_in, unread)[0][:3] == "429"
    way_in._in_flight.enter = lambda: None
    assert chunked(way_in, unread, REMOTE_ADDR="192.0.2.2")[0][:3] == "503"


def test_senders_that_hold_every_place_are_answered_503(data_dir, store, site, monkeypatch):
    monkeypatch.setattr(views.limits, "IN_FLIGHT", 3)
    way_in = front(beyond, data_dir, store, rate=0)
    way_in._in_flight = views.limits.InFlight(most=3, patience=0.1)
    go = threading.Event()

    class Slow(Chunks):
        def read(self, size=-1):
            go.wait(10)
            return super().read(size)

    good = json.dumps(GOOD).encode()
    answers = []
    slow = [threading.Thread(target=lambda: answers.append(chunked(way_in, Slow(good))[0])) for _ in range(3)]
    for thread in slow:
        thread.start()
    time.sleep(0.2)
    status, _ = chunked(way_in, Chunks(good))
    go.set()
    for thread in slow:
        thread.join()
    assert status == "503 Service Unavailable"
    assert answers == ["202 Accepted"] * 3
    assert chunked(way_in, Chunks(good))[0] == "202 Accepted"


def test_a_spool_that_takes_nothing_is_503_with_retry_after_and_heals(client, way_in, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(way_in.spool, "_write", lambda data: OSError(28, "No space left on device"))
    answer = send(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "/" not in answer.json["error"]["message"]
    send(client)
    assert caplog.text.count("No space left") == 1
    monkeypatch.undo()
    assert send(client).status_code == 202
    monkeypatch.setattr(way_in.visitors, "ids", full)
    assert send(client).status_code == 503


def test_a_database_that_cannot_be_read_does_not_stop_known_sites(client, way_in, store, monkeypatch):
    send(client)

    def broken(*_, **__):
        raise views.DatabaseError("disk I/O error")

    monkeypatch.setattr(store, "ask", broken)
    way_in.sites._read_at = float("-inf")
    assert send(client).status_code == 202
    way_in.sites._sites = None
    assert send(client).status_code == 503


@pytest.mark.parametrize("headers, opt_out", [({"Sec-GPC": "1"}, "gpc"), ({"DNT": "1"}, "dnt"), ({"DNT": "0"}, "")])
def test_who_opts_out_is_not_worked_out(client, data_dir, headers, opt_out):
    send(client, headers=headers | {"User-Agent": FIREFOX})
    kept, = stored(data_dir)
    assert kept.opt_out == opt_out
    assert (kept.visitor == 0 and kept.browser == "" and kept.country == "") is bool(opt_out)


def test_a_site_that_does_not_honour_dnt_keeps_the_visitor_and_the_signal(client, way_in, data_dir, store, site):
    sites.change(store, site, exclusions_off={"dnt"})
    way_in.sites._read_at = float("-inf")
    send(client, headers={"DNT": "1", "User-Agent": FIREFOX})
    kept, = stored(data_dir)
    assert kept.opt_out == "dnt" and kept.visitor != 0


def test_forwarded_addresses_are_believed_only_behind_proxies_of_ours(data_dir, store, site):
    for proxies, same in ((0, True), (1, False)):
        way_in = front(beyond, data_dir / str(proxies), store, proxies=proxies, rate=0)
        for forwarded in ("8.8.8.8", "1.1.1.1, 9.9.9.9"):
            send(Client(way_in), headers={"X-Forwarded-For": forwarded, "User-Agent": FIREFOX})
        first, second = stored(data_dir / str(proxies))
        assert (first.visitor == second.visitor) is same
        way_in.spool.close()


def test_any_page_may_send_and_no_cookie_ever_comes_back(client):
    for answer in (send(client), send(client, b""), send(client, site="nobody"), client.options("/event?site=guitars")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_other_methods_and_other_paths(client):
    assert client.options("/event").status_code == 204
    answer = client.get("/event?site=guitars")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    for path in ("/", "/events", "/event/", "/netivjs", "/health/x"):
        assert client.get(path).data == b"the application"


# -- the tracker's script

@pytest.fixture
def built(data_dir):
    dist = data_dir / "dist"
    dist.mkdir()
    (dist / "netiv.abc123.js").write_bytes(b"plain")
    (dist / "netiv.abc123.js.br").write_bytes(b"brotli")
    (dist / "netiv.abc123.js.gz").write_bytes(b"gzip")
    (dist / "manifest.json").write_text('{"tracker": {"file": "netiv.abc123.js"}}', encoding="utf-8")
    return dist


@pytest.mark.parametrize("accepts, body", [("", b"plain"), ("gzip, deflate", b"gzip"), ("gzip, deflate, br", b"brotli"),
                                           ("br;q=0, gzip", b"gzip"), ("BR", b"brotli"), ("zstd", b"plain")])
def test_the_script_comes_as_the_browser_takes_it(client, built, accepts, body):
    answer = client.get("/netiv.js", headers={"Accept-Encoding": accepts})
    assert answer.data == body
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_hashed_name_is_for_ever_and_the_alias_for_minutes(client, built):
    assert client.get("/netiv.abc123.js").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    alias = client.get("/netiv.js")
    assert alias.headers["Cache-Control"] == "public, max-age=300"
    again = client.get("/netiv.js", headers={"If-None-Match": alias.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_older_name_leads_to_the_current_script(client, built):
    answer = client.get("/netiv.000000.js")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/netiv.js")
    assert client.get("/netiv.../../secret.js").status_code == 302


def test_a_new_build_is_served_without_a_restart(client, built):
    client.get("/netiv.js")
    (built / "netiv.def.js").write_bytes(b"newer")
    (built / "manifest.json").write_text('{"tracker": {"file": "netiv.def.js"}}   ', encoding="utf-8")
    assert client.get("/netiv.js").data == b"newer"


def test_without_a_build_the_script_says_so(client):
    assert client.get("/netiv.js").status_code == 503


# -- health

def test_health_says_whether_events_come_in_and_get_on(client, data_dir, way_in, monkeypatch):
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "spool": {"writable": True}, "loader": {"alive": False, "lag_seconds": 0.0}}
    send(client)
    time.sleep(0.02)
    assert client.get("/health").json["loader"]["lag_seconds"] > 0
    monkeypatch.setattr(way_in.spool, "writable", lambda: False)
    assert client.get("/health").status_code == 503
