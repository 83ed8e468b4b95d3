"""Serves the tracker: /netiv.<hash>.js for ever, /netiv.js for a few minutes, brotli or gzip when the browser takes it.

`tracker/build.mjs` writes the files into tracker/dist, with a manifest.json
that says which is the current one.
"""

import json
from pathlib import Path

from collector import headers

DIST = Path(__file__).resolve().parents[1] / "tracker/dist"
ALIAS_SECONDS = 300
SHARED = [("Content-Type", "text/javascript; charset=utf-8"), ("Vary", "Accept-Encoding"),
          ("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"),
          ("Timing-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff")]


class Script:
    def __init__(self, dist=DIST):
        self._dist = Path(dist)
        self._built_at = None
        self._name = None
        self._bodies = {}

    def answer(self, environ):
        """(status, header fields, body) for a request of /netiv.js or /netiv.<hash>.js."""
        self._refresh()
        asked = environ["PATH_INFO"][1:]
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return 405, [("Allow", "GET, HEAD")], b""
        if not self._name:
            return 503, [("Content-Type", "text/plain"), ("Retry-After", "60")], b"The tracker is not built: make bundles\n"
        if asked == self._name:
            caching = [("Cache-Control", "public, max-age=31536000, immutable")]
        elif asked == "netiv.js":
            tag = f'"{self._name}"'
            caching = [("Cache-Control", f"public, max-age={ALIAS_SECONDS}"), ("ETag", f"W/{tag}")]
            if tag in environ.get("HTTP_IF_NONE_MATCH", ""):
                return 304, [*SHARED[1:], *caching], b""
        else:  # a page that was cached with an older one
            return 302, [("Location", "/netiv.js"), ("Cache-Control", "no-store"), ("Access-Control-Allow-Origin", "*")], b""
        coding = next((each for each in ("br", "gzip") if each in self._bodies and headers.accepts(environ, each)), "")
        coded = [("Content-Encoding", coding)] if coding else []
        return 200, SHARED + caching + coded, self._bodies[coding]

    def _refresh(self):
        """Reads the files when they were built since."""
        manifest = self._dist / "manifest.json"
        try:
            built_at = manifest.stat().st_mtime_ns
            if built_at == self._built_at:
                return
            name = json.loads(manifest.read_text(encoding="utf-8"))["tracker"]["file"]
            bodies = {"": (self._dist / name).read_bytes()}
        except (OSError, ValueError, KeyError, TypeError):
            return  # being built; what was read before still stands
        for coding, ending in (("br", ".br"), ("gzip", ".gz")):
            packed = self._dist / (name + ending)
            if packed.exists():
                bodies[coding] = packed.read_bytes()
        self._name, self._bodies, self._built_at = name, bodies, built_at


def built(dist=DIST):
    """What tracker/build.mjs says of the script: its hashed `file` name and `integrity`; {} before it was built."""
    try:
        return json.loads((dist / "manifest.json").read_text(encoding="utf-8"))["tracker"]
    except (OSError, ValueError, KeyError):
        return {}
