"""Photographs every page of the demo, in both languages, wide and narrow: `make pictures`.

All of them go to .netiv/pictures to be looked at; those named in KEPT also to
docs/pictures, where the documents show them. Takes a minute; needs Chromium.
"""

import shutil
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import wsgi  # noqa: E402, F401, the project is found first; it joins the experiments to the demo
from collector import accounts, signin, sites  # noqa: E402
from collector.demo.cli import EMAIL, make  # noqa: E402
from collector.storage import open_store  # noqa: E402
from experiments.demo import TRUTHS  # noqa: E402
from journeys.reports import REPORTS, asked  # noqa: E402
from tests.browser.engines import CHROMIUM_FLAGS  # noqa: E402
from tests.fault.server import Server  # noqa: E402

ALL = ROOT / ".netiv" / "pictures"
DOCS = ROOT / "docs" / "pictures"
LANGUAGES = ("en", "he")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
WALK = "?steps=/shop/{part}&steps=/shop/{part}acoustic&steps=/shop/{part}acoustic/carmel"
CASE = "variants[0].visitors=9800&variants[0].conversions=1176&variants[1].visitors=9940&variants[1].conversions=1322&planned_visitors=19000"
PLAN = "baseline=3&relative_mde=10&alpha=5&power=80&variants=2&visitors_per_week=9000"
KEPT = {"map-en-wide", "map-he-wide", "map-en-wide-dark", "map-he-narrow", "overview-en-wide", "overview-he-wide", "overview-he-narrow", "overview-en-wide-dark", "paths-he-wide",
        "paths-en-wide", "forms-en-wide", "sources-en-narrow", "result-short-checkout-en-wide", "result-short-checkout-he-wide",
        "result-no-dead-button-en-narrow", "experiments-en-wide"}


def main():
    shutil.rmtree(ALL, ignore_errors=True)
    for folder in (ALL, DOCS):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "demo"
        make(data)
        with Server(data) as server, sync_playwright() as playwright:
            photograph(playwright, f"http://127.0.0.1:{server.port}", sign_in(data), a_session(data))
    print(f"{len(list(ALL.iterdir()))} pictures in {ALL.relative_to(ROOT)}, {len(KEPT)} of them in {DOCS.relative_to(ROOT)}")


def sign_in(data):
    """The value of the cookie that opens the demo."""
    store = open_store(data)
    token = signin.begin(store, accounts.by_email(store, EMAIL), "make pictures")
    store.close()
    return token


def a_session(data):
    """The name of a session that left its checkout at a field that was refused."""
    store = open_store(data)
    args = {"period": ["90d"], "abandoned": ["checkout"], "with": ["form"], "sort": ["engaged"], "limit": ["1"]}
    found = asked(store, sites.by_key(store, "demo"), "sessions", args)
    store.close()
    return found.rows[0].session


def photograph(playwright, url, token, session):
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme,
                                           reduced_motion="reduce")
            context.add_cookies([{"name": "netiv", "value": token, "url": url}])
            page = context.new_page()
            for name, address in pages(session).items():
                for language in LANGUAGES:
                    take(page, f"{name}-{language}-{size}{'-dark' if scheme == 'dark' else ''}",
                         url + address.format(part="he/" if language == "he" else ""), language)
            context.close()
    chromium.close()


def pages(session):
    """Address of each page by the name of its picture. Takes the name of a session whose story to show."""
    reports = {name: f"/sites/demo/{name}" for name in REPORTS}
    maps = {"map": "/sites/demo/", "map-compare": "/sites/demo/maps/compare", "map-note": "/sites/demo/maps/main/notes/new?stage=purchase&lane=stop",
            "map-canvas": "/sites/demo/maps/main/canvas"}
    return {**reports, **maps, "story": f"/sites/demo/sessions/{session}", "abandonment-hour": "/sites/demo/abandonment?of=cart&by=hour", "paths": f"/sites/demo/paths{WALK}",
            "experiments": "/sites/demo/experiments", **{f"result-{each.key}": f"/sites/demo/experiments/{each.key}" for each in TRUTHS},
            "calculator": f"/calculator?{CASE}", "calculator-plan": f"/calculator/plan?{PLAN}",
            "settings": "/sites/demo/settings", "account": "/account", "patterns": "/patterns"}


def take(page, name, address, language):
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}", wait_until="networkidle")
    picture = packed(page.screenshot())
    (ALL / f"{name}.png").write_bytes(picture)
    if name in KEPT:
        (DOCS / f"{name}.png").write_bytes(picture)


def packed(png):
    """The same PNG, its pixels compressed as hard as zlib can and nothing but them inside."""
    head, pixels, at = b"", b"", 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        head = body if kind == b"IHDR" else head
        pixels += body if kind == b"IDAT" else b""
        at += size + 12
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(zlib.decompress(pixels), 9)), (b"IEND", b""))
    return png[:8] + b"".join(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
                              for kind, body in parts)


if __name__ == "__main__":
    main()
