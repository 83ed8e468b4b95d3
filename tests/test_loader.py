"""The loader: what arrives is stored once, in the right session, and counted as its events say."""


def test_a_visit_becomes_one_session_with_its_numbers(store, site, story):
    story.visitor("dana", referrer="https://www.google.co.il/").view("/").stay(20).click("Buy").view("/cart").stay(5)
    story.tell()
    with store.facts as db:
        session, = db.query("select * from sessions")
        assert (session["views"], session["events"], session["clicks"], session["engaged_ms"]) == (2, 5, 1, 25_000)
        names = {row["id"]: row["text"] for row in db.query("select * from names")}
        assert names[session["source"]] == "google" and names[session["channel"]] == "Organic Search"
