"""One way to drive three engines: go, click, type, script. Chromium by Playwright, the others in their own protocols.

Firefox speaks Marionette (JSON on a socket), WebKit the W3C's WebDriver (JSON
over HTTP): both have the same commands, so neither needs a library.
"""

import itertools
import json
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request

import pytest

from tests.fault.server import free_port, wait_until

CHROME_AGENT = ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/141.0.0.0 Safari/537.36")
# The agent as a flag: what a context is given does not reach beacons sent while a page is left.
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", f"--user-agent={CHROME_AGENT}"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER, TAB, BACKSPACE = "\ue007", "\ue004", "\ue003"


class Chromium:
    name = "chromium"

    def __init__(self, browser):
        self._browser = browser

    def __enter__(self):
        self._context = self._browser.new_context(user_agent=CHROME_AGENT)
        self._page = self._context.new_page()
        return self

    def __exit__(self, *_):
        self._context.close()

    def go(self, url):
        self._page.goto(url)

    def click(self, selector):
        self._page.click(selector)

    def type(self, selector, text):
        self._page.focus(selector)
        for key in text:
            self._page.keyboard.press({ENTER: "Enter", TAB: "Tab", BACKSPACE: "Backspace"}.get(key, key))

    def script(self, source):
        return self._page.evaluate(f"() => {{ {source} }}")

    def back(self):
        self._page.go_back()


class _WebDriver:
    """The commands that Marionette and WebDriver share; a subclass says how to `_ask`."""

    def go(self, url):
        self._ask("Navigate", "POST", "url", {"url": url})

    def click(self, selector):
        self._ask("ElementClick", "POST", "element/{id}/click", {}, self._find(selector))

    def type(self, selector, text):
        self._ask("ElementSendKeys", "POST", "element/{id}/value", {"text": text}, self._find(selector))

    def script(self, source):
        return self._value(self._ask("ExecuteScript", "POST", "execute/sync", {"script": source, "args": []}))

    def back(self):
        self._ask("Back", "POST", "back", {})

    def _find(self, selector):
        found = self._value(self._ask("FindElement", "POST", "element", {"using": "css selector", "value": selector}))
        return found[ELEMENT]

    @staticmethod
    def _value(answer):
        return answer["value"] if isinstance(answer, dict) and set(answer) == {"value"} else answer


class Firefox(_WebDriver):
    name = "firefox"

    def __init__(self, _):
        self._binary = shutil.which("firefox-esr") or shutil.which("firefox")
        if not self._binary:
            pytest.skip("Firefox is not installed (apt-get install firefox-esr)")

    def __enter__(self):
        port = free_port()
        self._profile = tempfile.mkdtemp(prefix="netiv-firefox-")
        with open(f"{self._profile}/user.js", "w") as preferences:
            preferences.write(f'user_pref("marionette.port", {port});\n'
                              'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
                              'user_pref("privacy.globalprivacycontrol.enabled", false);\n'
                              'user_pref("app.update.enabled", false);\n')
        self._process = subprocess.Popen(
            [self._binary, "--headless", "--marionette", "--no-remote", "--profile", self._profile],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self._profile})
        self._numbers = itertools.count(1)
        wait_until(lambda: self._connect(port), 60, "Firefox answers")
        self._read()  # its greeting
        self._ask("NewSession", None, None, {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        return self

    def __exit__(self, *_):
        self._socket.close()
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self._profile, ignore_errors=True)

    def _connect(self, port):
        try:
            self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
            return True
        except OSError:
            return False

    def _read(self):
        length = b""
        while not length.endswith(b":"):
            length += self._socket.recv(1)
        data, left = b"", int(length[:-1])
        while len(data) < left:
            data += self._socket.recv(left - len(data))
        return json.loads(data)

    def _ask(self, command, method, path, values, element=None):
        number = next(self._numbers)
        values = {**values, **({"id": element} if element else {})}
        data = json.dumps([0, number, f"WebDriver:{command}", values]).encode()
        self._socket.sendall(b"%d:%s" % (len(data), data))
        _, answered, error, result = self._read()
        assert answered == number and not error, f"{command}: {error}"
        return result


class WebKit(_WebDriver):
    name = "webkit"
    binary = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"

    def __init__(self, _):
        if not (shutil.which("WebKitWebDriver") and shutil.which("xvfb-run") and os.path.exists(self.binary)):
            pytest.skip("WebKit is not installed (apt-get install webkit2gtk-driver xvfb)")

    def __enter__(self):
        self._port = free_port()
        self._process = subprocess.Popen(
            ["xvfb-run", "-a", "WebKitWebDriver", f"--port={self._port}", "--host=127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
                 "LIBGL_ALWAYS_SOFTWARE": "1"})
        self._session = None
        wait_until(self._ready, 30, "WebKitWebDriver answers")
        options = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": {"binary": self.binary, "args": ["--automation"]}}
        self._session = self._ask(None, "POST", "session", {"capabilities": {"alwaysMatch": options}})["sessionId"]
        return self

    def __exit__(self, *_):
        try:
            self._ask(None, "DELETE", "", None)
        finally:
            os.killpg(self._process.pid, 15)
            self._process.wait(20)

    def _ready(self):
        try:
            return self._ask(None, "GET", "status", None)["ready"]
        except OSError:
            return False

    def _ask(self, command, method, path, values, element=None):
        path = path.replace("{id}", element or "")
        base = f"http://127.0.0.1:{self._port}/"
        url = base + (path if path in ("session", "status") else f"session/{self._session}/{path}".rstrip("/"))
        data = None if values is None else json.dumps(values).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()}") from error


ENGINES = {engine.name: engine for engine in (Chromium, Firefox, WebKit)}


