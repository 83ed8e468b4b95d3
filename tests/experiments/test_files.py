"""Experiments as TOML files, and netiv experiment around them."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wsgi
from collector import sites
from collector.prepare import prepare, secret
from collector.storage import open_store
from experiments import definition, files, preview, register
from experiments.reading import BadExperiment
from tests.experiments.example import backlog_says, made, pain_point, with_weights

KEY = "short-checkout"


def test_a_file_gives_the_same_experiment_back():
    experiment = definition.read(made())
    assert definition.read(files.read(files.write(experiment))) == experiment


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_text_holds_survives_the_file(notes, name):
    try:
        experiment = definition.read(made(notes=notes, name=name))
    except BadExperiment:
        return
    assert definition.read(files.read(files.write(experiment))) == experiment


def test_a_file_leaves_out_what_is_usual():
    text = files.write(definition.read({"key": "a", "variants": [{"key": "control", "weight": 0.5}, {"key": "b", "weight": 0.5}],
                                        "primary": {"kind": "conversion", "event": "purchase"}}))
    assert files.read(text) == {"key": "a", "name": "a", "variants": [{"key": "control", "weight": 0.5}, {"key": "b", "weight": 0.5}],
                                "primary": {"key": "conversion", "kind": "conversion", "event": "purchase"}}


def test_what_is_no_toml_is_refused_with_its_line():
    with pytest.raises(BadExperiment, match="line 2"):
        files.read("key = 'a'\nname = wrong\n")
    with pytest.raises(BadExperiment, match="nested too deep"):
        files.read("key = " + "[" * 5000)


def test_a_difference_shows_what_goes_and_what_comes():
    found = definition.differences(definition.read(made()), definition.read(with_weights(0.2, 0.8) | {"owner": "", "name": "קצר"}))
    assert list(files.shown(found)) == [
        '- name = "Shorter checkout"', '+ name = "קצר"', "- variants[0].weight = 0.5", "+ variants[0].weight = 0.2",
        "- variants[1].weight = 0.5", "+ variants[1].weight = 0.8", '- owner = "Dana"']


# -- the command line

@pytest.fixture
def run(tmp_path):
    """Runs `netiv experiment …` on a site `shop`; gives (exit code, output)."""
    data = tmp_path / "data"
    store = prepare(data)
    sites.add(store, "Guitars", "shop.example", key="shop")
    store.close()

    def run(*words, file=None):
        done = CliRunner().invoke(wsgi.netiv, ["experiment", *words, "--site", "shop", "--data", str(data)], input=file)
        return done.exit_code, done.output
    run.data = data
    return run


def toml(**changed):
    return files.write(definition.read(made(**changed)))


def test_applying_a_file_shows_the_difference_first(run):
    code, out = run("apply", "-", "--dry-run", file=toml())
    assert code == 0 and out.startswith('+ key = "short-checkout"\n') and '+ weight = 0.5' in out and out.endswith("Nothing was saved.\n")
    assert run("list") == (0, "")
    assert run("apply", "-", file=toml())[1].endswith("short-checkout is saved as version 1.\n")
    code, out = run("apply", "-", file=toml(name="Other"))
    assert out == '- name = "Shorter checkout"\n+ name = "Other"\nshort-checkout is saved as version 2.\n'
    assert run("apply", "-", file=toml(name="Other"))[1] == "short-checkout is like that already.\n"
    assert run("list") == (0, "short-checkout\tdraft\tOther\n")


def test_a_file_is_applied_for_a_pain_point_which_is_free_again_when_the_draft_is_deleted(run):
    store = open_store(run.data)
    number = pain_point(store, sites.by_key(store, "shop"))
    assert run("apply", "-", "--point", "99", file=toml())[1] == f"Error: point: 99 is no point of the backlog; write the number of one: {number}\n"
    for _again in range(2):  # named once, whether the file says something new or not
        assert run("apply", "-", "--point", str(number), file=toml())[0] == 0
        assert backlog_says(store, number) == (KEY, [("command line", f"experiment → {KEY}")])
    run("remove", KEY)
    assert backlog_says(store, number)[0] == ""
    with store.facts as db:  # left by an earlier version
        db.execute("update pain_points set experiment = 'gone'")
        db.execute("delete from _sqlite_migrations where name = 'm024_points_of_deleted_experiments'")
    store.migrate()
    assert backlog_says(store, number)[0] == ""
    store.close()


def test_what_is_shown_may_be_applied_again(run):
    run("apply", "-", file=toml())
    text = run("show", KEY)[1]
    assert run("apply", "-", file=text) == (0, "short-checkout is like that already.\n")
    assert json.loads(run("show", KEY, "--format", "json")[1])["definition"] == definition.as_dict(definition.read(made()))


def test_previews_are_signed_links_to_each_variant(run):
    run("apply", "-", file=toml())
    code, out = run("preview", KEY, "--page", "/cart")
    links = dict(line.split("\t") for line in out.splitlines())
    assert code == 0 and list(links) == ["control", "short"] and links["short"].startswith("https://shop.example/cart?netiv-preview=")
    assert preview.read(secret(run.data), links["short"].rpartition("=")[2]) == ("shop", KEY, "short")
    (run.data / "secret").unlink()
    code, out = run("preview", KEY)
    assert code == 1 and "holds no secret" in out


def test_everything_wrong_in_a_file_is_said(run):
    code, out = run("apply", "-", file=toml().replace("0.5", "0.6").replace('"mobile"', '"phone"'))
    assert code == 1 and "audience.device[0]: phone is unknown" in out and "add up to 1.2" in out
    assert run("list") == (0, "")


def test_a_whole_life_on_the_command_line(run):
    run("apply", "-", file=toml())
    code, out = run("start", KEY)
    assert code == 1 and "where: has no tracker on it" in out
    code, out = run("check", KEY)
    assert code == 1 and "BLOCKER  where has no tracker on it" in out and "metric bought: unknown, deviation unknown, n = 0" in out
    assert run("start", KEY, "--unchecked") == (0, "short-checkout is running.\n")
    code, out = run("apply", "-", "--dry-run", file=toml(hypothesis="Other"))
    assert code == 1 and "hypothesis: stands once the experiment has started" in out
    weights = files.write(definition.read(with_weights(0.2, 0.8)))
    assert run("apply", "-", file=weights)[1].endswith("Its weights changed: epoch 1 begins, and what was counted before stands apart.\n")
    for step, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        assert run(step, KEY) == (0, f"short-checkout is {state}.\n")
    assert run("decide", KEY, "ship", "--reason", "More orders") == (0, "short-checkout is decided.\n")
    assert run("archive", KEY) == (0, "short-checkout is archived.\n")
    history = run("show", KEY, "--history")[1].splitlines()
    assert len(history) == 8 and "command line  started  {\"unchecked\": true}" in history[-2]


def test_a_draft_is_removed_and_an_unknown_one_named(run):
    run("apply", "-", file=toml())
    assert run("remove", KEY) == (0, "short-checkout is deleted.\n")
    assert "there are: none yet" in run("show", KEY)[1] and "no experiment" in run("stop", KEY)[1]


def test_the_command_line_is_who_did_it(run):
    run("apply", "-", file=toml())
    from collector.storage import open_store
    store = open_store(run.data)
    site = sites.by_key(store, "shop")
    assert [line.who for line in register.history(store, register.by_key(store, site, KEY))] == ["command line"]
    store.close()
