"""Countries from the local file, and none without it."""

import pytest

from collector.place import DEFAULT, Countries

needs_file = pytest.mark.skipif(not DEFAULT.exists(), reason="npm's packages are not installed")


@needs_file
@pytest.mark.parametrize("address, country", [
    ("8.8.8.8", "US"), ("132.64.0.1", "IL"), ("2a00:a040::1", "IL"), ("193.99.144.80", "DE"),
    ("127.0.0.1", ""), ("10.0.0.1", ""), ("::1", ""), ("not an address", ""), ("", ""), ("999.1.1.1", "")])
def test_the_country_of(address, country):
    assert Countries().country(address) == country


def test_without_a_file_every_country_is_unknown(tmp_path):
    countries = Countries(tmp_path / "none.mmdb")
    assert not countries.known
    assert countries.country("8.8.8.8") == ""


def test_a_file_that_is_something_else_is_as_good_as_none(tmp_path):
    (tmp_path / "x.mmdb").write_bytes(b"not a database" * 100)
    assert not Countries(tmp_path / "x.mmdb").known


@needs_file
def test_another_file_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("NETIV_COUNTRIES", str(tmp_path / "none.mmdb"))
    assert not Countries().known
    monkeypatch.setenv("NETIV_COUNTRIES", str(DEFAULT))
    assert Countries().known
