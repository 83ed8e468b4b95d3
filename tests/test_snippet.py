"""The lines to paste: what every variant must say, and that they run as they stand."""

import base64
import hashlib
import re

from collector import script, snippet

BUILT = {"file": "netiv.0123456789ab.js", "integrity": "sha384-abc"}


def by_name(built=None):
    return {each.name: each.code for each in snippet.variants("https://stats.example/", "shop234", built or {})}


def test_every_variant_names_server_and_site_and_lets_pages_call_before_it_loads():
    for code in by_name(BUILT).values():
        assert "https://stats.example/netiv." in code and "shop234" in code
        assert "window.netiv = window.netiv || function" in code and "//netiv" not in code


def test_the_variant_with_integrity_loads_that_file_only_and_is_shown_only_when_known():
    code = by_name(BUILT)["integrity"]
    assert 'src="https://stats.example/netiv.0123456789ab.js"' in code
    assert 'integrity="sha384-abc" crossorigin="anonymous"' in code
    assert "integrity" not in by_name()


def test_the_integrity_of_the_built_script_is_that_of_its_bytes():
    built = script.built()
    body = (script.DIST / built["file"]).read_bytes()
    assert built["integrity"] == "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()


def test_a_script_that_was_not_built_has_no_integrity(tmp_path):
    assert script.built(tmp_path) == {}


def test_the_tag_manager_variant_asks_for_its_script_itself():
    code = by_name()["gtm"]
    assert code.count("<script>") == code.count("</script>") == 1
    assert re.search(r"script\.dataset\.site = 'shop234'", code) and "src=" not in code


def test_the_wordpress_variant_is_php_around_the_plain_one():
    variants = by_name()
    assert variants["wordpress"].startswith("add_action('wp_head', function () { ?>\n" + variants["html"])


def with_experiments():
    return {each.name: each for each in snippet.variants("https://stats.example/", "shop234", BUILT, experiments=True)}


def test_a_site_with_experiments_gets_the_second_script_before_the_tracker_and_others_do_not():
    for name, each in with_experiments().items():
        assert each.code.index("https://stats.example/netiv-x.js?site=shop234") < each.code.index("https://stats.example/netiv.")
        assert ('blocking="render" id="netiv-x"' in each.code) == (name != "gtm"), "a tag manager cannot hold a paint back"
    assert all("netiv-x" not in code for code in by_name(BUILT).values())


def test_what_can_not_be_kept_from_flickering_says_so():
    assert "see the control for a moment" in with_experiments()["gtm"].where
    assert "nothing can vouch for it" in with_experiments()["integrity"].where
