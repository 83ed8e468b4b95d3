"""Sends messages as fast as they are answered, or at a rate, over kept-alive connections, from a process of its own.

    python -m bench.load PORT SECONDS CONNECTIONS EVENTS RATE

prints one line of JSON. RATE is requests a second, 0 for as many as come back.
Every message has a page view of its own; senders are drawn from 20,000
addresses and 40 user agents, and the addresses stand in X-Forwarded-For.
"""

import json
import random
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AGENTS = [text % version for version in range(122, 132) for text in (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36 Edg/131")]
ADDRESSES = 20_000


def run(port, seconds, connections=32, events=10, rate=0):
    """Runs this module in a process of its own and gives back what it measured."""
    done = subprocess.run([sys.executable, "-m", "bench.load", *map(str, (port, seconds, connections, events, rate))],
                          cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def requests(events, seed):
    """Endless requests as bytes. Made from parts prepared before, so that making them costs little."""
    chance = random.Random(seed)
    now = int(time.time() * 1000)
    page = '"url":"https://shop.example/category/%d?utm_source=google","title":"Guitars","referrer":"https://www.google.com/"'
    clicks = ",".join('{"type":"click","n":%d,"at":%d,"element":"main>section:nth-of-type(%d)>a.buy","label":"Buy now",'
                      '"x":%d,"y":%d}' % (n, now + n, n, chance.randrange(32768), chance.randrange(32768))
                      for n in range(1, events))
    tail = '],"events":[{"type":"pageview","n":0,"at":%d}%s],"language":"he-IL","screen":[1920,1080,1400,900]}' % (
        now, clicks and "," + clicks)
    parts = []
    for number in range(400):
        body_tail = '",' + page % (number % 200) + "}" + tail
        head = '{"sent_at":%d,"pages":[{"view":"' % (now + 5000)
        length = len(head) + 20 + len(body_tail)
        fields = (f"POST /event?site=guitars HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {chance.choice(AGENTS)}\r\n"
                  f"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {length}\r\nOrigin: https://shop.example\r\n"
                  "Accept: */*\r\nAccept-Language: he-IL,he;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\nX-Forwarded-For: ")
        parts.append((fields.encode(), ("\r\n\r\n" + head).encode(), body_tail.encode()))
    number = 0
    while True:
        number += 1
        fields, head, body_tail = parts[number % 400]
        place = chance.randrange(ADDRESSES)
        yield b"%b84.%d.%d.7%b%08x%012d%b" % (fields, 94 + place // 250, place % 250, head, seed, number, body_tail)


def _send(port, seconds, connections, events, rate):
    made = requests(events, random.randrange(1 << 32))
    selector = selectors.DefaultSelector()
    started_at, waits, statuses = {}, [], {}
    clock = time.perf_counter
    idle = []
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ)
        idle.append(connection)
    began = clock()
    sent = 0
    while True:
        now = clock()
        if now - began > seconds:
            if len(idle) == connections or now - began > seconds + 5:
                break
        else:
            due = int((now - began) * rate) - sent if rate else len(idle)
            for _ in range(min(due, len(idle))):
                connection = idle.pop()
                # at a rate, waiting for a free connection is part of the wait
                started_at[connection] = began + sent / rate if rate else clock()
                connection.sendall(next(made))
                sent += 1
        for key, _ in selector.select(0.001 if rate else 0.5):
            connection = key.fileobj
            answer = connection.recv(4096)
            if not answer:
                raise SystemExit("the server closed a connection")
            if answer.endswith(b"\r\n\r\n") and b"Content-Length: 0" not in answer:
                answer += connection.recv(4096)
            waits.append(clock() - started_at[connection])
            status = int(answer[9:12])
            statuses[status] = statuses.get(status, 0) + 1
            idle.append(connection)
    waits.sort()
    return {"requests": len(waits), "seconds": clock() - began, "requests_per_second": len(waits) / (clock() - began),
            "statuses": statuses, "p50_ms": 1000 * waits[len(waits) // 2], "p99_ms": 1000 * waits[len(waits) * 99 // 100]}


if __name__ == "__main__":
    port, seconds, connections, events, rate = map(float, sys.argv[1:])
    print(json.dumps(_send(int(port), seconds, int(connections), int(events), rate)))
