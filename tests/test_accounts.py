"""Users, passwords, sign-ins, the throttle: who is let in, and that being let out is real."""

import re
import time

import pytest

from collector import accounts, audit, links, signin
from tests.office import PASSWORD, office  # noqa: F401


def test_the_owner_of_one_site_may_do_nothing_at_another(office):
    owner, viewer = office.users["owner"], office.users["viewer"]
    for action in accounts.OWNER:
        assert accounts.can(owner, action, office.shop)
        assert not accounts.can(owner, action, office.cafe)
        assert not accounts.can(None, action, office.shop)
    assert [action for action in sorted(accounts.OWNER) if accounts.can(viewer, action, office.shop)] == [
        "read", "read result", "review"]


def test_what_no_list_allows_is_not_allowed(office):
    assert not accounts.can(office.users["owner"], "reset everything", office.shop)
    assert not accounts.can(office.users["owner"], "read", None)
    assert not accounts.can(office.users["viewer"], "add site", None)


def test_passwords_are_kept_as_argon2id_of_19_mebibytes(office):
    kept = office.store.ask("collector/password", user=office.users["owner"].id)[0].password_hash
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("password, why", [
    ("short", "at least 10"), ("x" * 201, "at most 200"), ("aaaaaaaaaaaa", "easy"), ("dana@shop.example", "easy")])
def test_bad_passwords_are_refused_with_the_reason(password, why):
    with pytest.raises(accounts.BadAccount) as error:
        accounts.hash_password(password, "dana@shop.example")
    assert error.value.field == "password" and why in error.value.message


def test_an_email_has_one_account_whatever_its_case(office):
    with pytest.raises(accounts.BadAccount, match="has an account already"):
        accounts.add(office.store, "DANA@shop.example", "Dana", PASSWORD)


def test_a_site_keeps_its_last_owner(office):
    with pytest.raises(accounts.BadAccount, match="at least one owner"):
        accounts.set_role(office.store, office.users["owner"], office.shop, "viewer")
    assert accounts.by_id(office.store, office.users["owner"].id).roles == {office.shop.id: "owner"}


def test_signing_in_leads_where_one_wanted_to_go(office):
    browser = office.visitor()
    asked = browser.get("/sites/shop/settings?x=1")
    assert asked.location == "/sign-in?next=/sites/shop/settings?x%3D1"
    assert browser.sign_in("dana@shop.example", next="/sites/shop/settings?x=1").location == "/sites/shop/settings?x=1"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/\tx"])
def test_signing_in_leads_nowhere_else(office, elsewhere):
    assert office.visitor().sign_in("dana@shop.example", next=elsewhere).location == "/"


def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(office):
    answers = [office.visitor().sign_in(email, "not my password") for email in ("dana@shop.example", "noone@x.example")]
    assert [answer.status_code for answer in answers] == [401, 401]
    pages = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
    assert pages[0] == pages[1]


def test_the_form_keeps_the_email_and_puts_the_message_at_the_field(office):
    page = office.visitor().sign_in("dana@shop.example", "not my password").text
    assert 'value="dana@shop.example"' in page and "not my password" not in page
    assert re.search(r'id="password"[^>]*aria-describedby="[^"]*password-error', page)
    assert 'id="password-error"' in page


def test_the_cookie_holds_a_token_the_database_does_not(office):
    browser = office.visitor()
    cookie = browser.sign_in("dana@shop.example").headers["Set-Cookie"]
    token = cookie.split("=", 1)[1].split(";")[0]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie and "Secure" not in cookie
    assert len(token) >= 43
    office.store.close()
    assert not any(token.encode() in path.read_bytes() for path in office.data_dir.rglob("*") if path.is_file())


def test_with_https_the_cookie_is_secure_and_bound_to_the_host(office):
    client = office.app.test_client()
    page = client.get("/sign-in", base_url="https://localhost")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    answer = client.post("/sign-in", data={"csrf": token, "email": "dana@shop.example", "password": PASSWORD},
                         base_url="https://localhost")
    signed_in = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("__Host-netiv="))
    assert "Secure" in signed_in and "Path=/" in signed_in and "Domain" not in signed_in
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    form = next(each for each in page.headers.getlist("Set-Cookie") if each.startswith("__Host-netiv-form="))
    assert "Secure" in form and "HttpOnly" in form


def test_after_ten_tries_an_account_waits_and_the_right_password_does_not_help(office):
    browser = office.visitor()
    for _ in range(signin.TRIES_ACCOUNT):
        assert browser.sign_in("dana@shop.example", "not my password").status_code == 401
    answer = browser.sign_in("dana@shop.example")
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 900
    assert browser.sign_in("omer@cafe.example").status_code == 302


def test_one_address_cannot_try_many_accounts(office):
    browser = office.visitor()
    for number in range(signin.TRIES_ADDRESS):
        browser.sign_in(f"someone{number}@x.example", "not my password")
    assert browser.sign_in("dana@shop.example").status_code == 429


def test_signing_in_rightly_counts_against_nobody(office):
    for _ in range(signin.TRIES_ADDRESS + 1):
        assert office.visitor().sign_in("dana@shop.example").status_code == 302


def test_the_throttle_forgets_after_its_window(office, monkeypatch):
    for _ in range(signin.TRIES_ACCOUNT):
        signin.with_password(office.store, "dana@shop.example", "no", "account", "address")
    with pytest.raises(signin.TooManyTries):
        signin.with_password(office.store, "dana@shop.example", PASSWORD, "account", "address")
    later = time.time() + signin.WINDOW / 1000 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert signin.with_password(office.store, "dana@shop.example", PASSWORD, "account", "address")


def test_the_throttle_keeps_no_address_and_no_email(office):
    office.visitor().sign_in("dana@shop.example", "not my password")
    with office.store.facts as db:
        kept = [row["who"] for row in db.query("select who from throttle")]
    assert len(kept) == 2 and all(re.fullmatch("[0-9a-f]{32}", who) for who in kept)


def test_signing_out_ends_it_on_the_server_too(office):
    browser = office.as_("owner")
    stolen = browser.client.get_cookie("netiv").value
    browser.post("/sign-out")
    thief = office.app.test_client()
    thief.set_cookie("netiv", stolen)
    assert thief.get("/account").status_code == 302
    assert thief.get("/account").location.startswith("/sign-in")


def test_devices_are_listed_and_one_can_be_ended_from_another(office):
    here, there = office.as_("owner"), office.as_("owner")
    row = re.search(r'name="end" value="([0-9a-f]{64})"', here.get("/account").text)
    assert here.post("/account/devices", {"end": row[1]}).status_code == 302
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_nobody_ends_the_devices_of_others(office):
    owner, other = office.as_("owner"), office.as_("other")
    victim = signin.of(office.store, office.users["owner"])[0].token_hash
    other.post("/account/devices", {"end": victim})
    assert owner.get("/account").status_code == 200


def test_a_new_password_signs_every_other_device_out(office):
    here, there = office.as_("owner"), office.as_("owner")
    wrong = here.post("/account/password", {"current": "not my password", "password": "another good one"})
    assert wrong.status_code == 400 and "current-error" in wrong.text
    assert here.post("/account/password", {"current": PASSWORD, "password": "another good one"}).status_code == 302
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    assert office.visitor().sign_in("dana@shop.example").status_code == 401
    assert office.visitor().sign_in("dana@shop.example", "another good one").status_code == 302


def test_a_sign_in_ends_by_itself_when_not_used(office, monkeypatch):
    browser = office.as_("owner")
    later = time.time() + signin.IDLE / 1000 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert browser.get("/account").status_code == 302


def test_when_nothing_can_be_written_who_is_signed_in_may_go_on_reading(office, monkeypatch):
    browser = office.as_("owner")
    later = time.time() + signin.FRESH / 1000 + 1
    monkeypatch.setattr(time, "time", lambda: later)

    def full(_):
        raise office.store.Error("database or disk is full")
    monkeypatch.setattr(type(office.store), "facts", property(full))
    assert browser.get("/sites/shop/settings").status_code == 200
    assert browser.post("/sites/shop/exclusions").status_code == 503


def test_a_removed_user_is_out_at_once(office):
    browser = office.as_("viewer")
    accounts.remove(office.store, office.users["viewer"])
    assert browser.get("/account").status_code == 302


def test_a_one_time_link_works_once_and_not_for_another_purpose(office):
    token = links.make(office.store, "demo", email="dana@shop.example")
    assert links.use(office.store, "setup", token) is None
    assert links.use(office.store, "demo", token) == {"email": "dana@shop.example"}
    assert links.use(office.store, "demo", token) is None


def test_a_one_time_link_expires(office, monkeypatch):
    token = links.make(office.store, "invitation", site="shop", role="viewer")
    later = time.time() + links.PURPOSES["invitation"] / 1000 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert links.find(office.store, "invitation", token) is None


def test_a_demo_link_signs_in_once(office):
    token = links.make(office.store, "demo", email="dana@shop.example")
    browser, late = office.visitor(), office.visitor()
    assert browser.get(f"/enter/{token}").location == "/"
    assert browser.get("/account").status_code == 200
    assert browser.get(f"/enter/{token}").status_code == 302, "whoever is in already goes on"
    assert late.get(f"/enter/{token}").status_code == 404


def test_an_invited_person_makes_an_account_and_sees_one_site(office):
    owner = office.as_("owner")
    page = owner.post("/sites/shop/people/invite", {"role": "viewer"}).text
    link = re.search(r"/invitation/[\w-]+", page)[0]
    guest = office.visitor()
    assert "Guitars" in guest.get(link).text
    wrong = guest.post(link, {"email": "omer@cafe.example", "name": "Noa", "password": PASSWORD}, page=link)
    assert wrong.status_code == 400 and "email-error" in wrong.text and 'value="Noa"' in wrong.text
    answer = guest.post(link, {"email": "noa@x.example", "name": "Noa", "password": PASSWORD}, page=link)
    assert answer.status_code == 302
    noa = accounts.by_email(office.store, "noa@x.example")
    assert noa.roles == {office.shop.id: "viewer"} and not noa.may_add_sites
    assert office.visitor().get(link).status_code == 404, "used up"


def test_someone_with_an_account_joins_with_it_and_never_loses_a_role(office):
    token = links.make(office.store, "invitation", site="shop", role="viewer")
    assert office.as_("other").post(f"/invitation/{token}").status_code == 302
    assert accounts.by_id(office.store, office.users["other"].id).roles == {
        office.shop.id: "viewer", office.cafe.id: "owner"}
    again = links.make(office.store, "invitation", site="shop", role="viewer")
    assert office.as_("owner").post(f"/invitation/{again}").status_code == 302
    assert accounts.by_id(office.store, office.users["owner"].id).roles[office.shop.id] == "owner"


def test_an_invitation_can_be_withdrawn_by_its_site_only(office):
    token = links.make(office.store, "invitation", site="shop", role="viewer")
    named = {"invitation": signin.hash_token(token)}
    office.as_("other").post("/sites/cafe/people/withdraw", named)
    assert links.find(office.store, "invitation", token)
    office.as_("owner").post("/sites/shop/people/withdraw", named)
    assert links.find(office.store, "invitation", token) is None


def test_the_log_says_who_did_what(office):
    office.visitor().sign_in("dana@shop.example", "not my password")
    office.as_("owner").post("/sites/shop/people/invite", {"role": "viewer"})
    lines = [(row.email, row.action) for row in audit.latest(office.store)]
    assert lines[:3] == [("dana@shop.example", "invited"), ("dana@shop.example", "signed in"),
                         ("dana@shop.example", "sign-in refused")]
