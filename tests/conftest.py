"""What tests share: a store in a directory of its own, a site, and a story to be told."""

import hypothesis
import pytest

from collector import sites
from tests.story import ListeningStore, Story

hypothesis.settings.register_profile("repeatable", derandomize=True, database=None)
hypothesis.settings.load_profile("repeatable")  # a run says of a change what the run before it said; CONTRIBUTING.md says how to search further


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path


@pytest.fixture
def store(data_dir):
    store = ListeningStore(data_dir / "netiv.db")
    store.migrate()
    yield store
    store.before_reading = None
    store.close()


@pytest.fixture
def site(store):
    return sites.add(store, "Guitars", "shop.example", timezone="Asia/Jerusalem", currency="ILS", key="guitars")


@pytest.fixture
def story(store, site, data_dir):
    story = Story(store, site, data_dir / "spool")
    store.before_reading = story.tell
    yield story
    story.close()
