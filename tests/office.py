"""An office for tests: an application on fresh data, two sites, and the kinds of people who knock at its door.

dana owns `shop` and may add sites, vera views it, omer owns `cafe`, and nobody is nobody;
a program comes with a token of `shop` that has every scope.
"""

import re

import pytest

from collector import accounts, signin, sites, tokens
from collector.prepare import prepare
from tests import fresh
from wsgi import create_app

PASSWORD = "correct horse battery"


class Office:
    def __init__(self, data_dir, **config):
        self.data_dir = data_dir
        fresh.lay(data_dir / "netiv.db")
        self.store = prepare(data_dir)
        self.app = create_app(data_dir, TESTING=True, PROPAGATE_EXCEPTIONS=False, **config)
        self.shop = sites.add(self.store, "Guitars", "shop.example", key="shop")
        self.cafe = sites.add(self.store, "Café", "cafe.example", key="cafe")
        self.users = {"viewer": self._user("vera@shop.example", "Vera", self.shop, "viewer"),
                      "owner": self._user("dana@shop.example", "Dana", self.shop, "owner", may_add_sites=True),
                      "other": self._user("omer@cafe.example", "Omer", self.cafe, "owner")}

    def _user(self, email, name, site, role, **more):
        user = accounts.add(self.store, email, name, PASSWORD, **more)
        accounts.set_role(self.store, user, site, role)
        return accounts.by_id(self.store, user.id)

    def visitor(self):
        """A browser that is not signed in."""
        return Browser(self.app.test_client())

    def as_(self, who):
        """A browser with one of `users` signed in, or nobody; or a program with a token."""
        browser = self.visitor()
        if who == "program":
            browser.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {tokens.make(self.store, self.shop, 'Sheet', tokens.SCOPES)}"
        elif who != "nobody":
            browser.client.set_cookie("netiv", signin.begin(self.store, self.users[who], "Firefox, Linux"))
        return browser


class Browser:
    """Sends forms as a browser would: with the token of the page they stand on and the headers of its own site."""

    def __init__(self, client):
        self.client = client

    def get(self, path, **more):
        return self.client.get(path, buffered=True, **more)

    def post(self, path, data=None, page=None, headers=None, token=None, method="POST"):
        """Posts a form that stands on `page` (by default /account, or /sign-in for nobody)."""
        sent = {"csrf": self.token(page) if token is None else token, **(data or {})}
        return self.client.open(path, method=method, data=sent, headers={"Sec-Fetch-Site": "same-origin", **(headers or {})})

    def token(self, page=None):
        for path in ((page,) if page else ("/account", "/sign-in")):
            found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
            if found:
                return found[1]
        raise AssertionError("no form with a token there")

    def sign_in(self, email, password=PASSWORD, **more):
        return self.post("/sign-in", {"email": email, "password": password, **more}, page="/sign-in")


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path / "data")
    yield made
    made.store.close()
