"""Settings: every wrong one is named with what would be right; where they come from."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.matching import weights
from fediverse_ehrenamt.settings import ENV_FILE, Settings


def problems(**given: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        Settings.load({f"EHRENAMT_{name}": value for name, value in given.items()})
    return [problem.field for problem in caught.value.problems]


def test_nothing_need_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = Settings.load({})
    assert made.url == "http://127.0.0.1:8000"
    assert made.handle_domain == made.host == "127.0.0.1:8000"
    assert made.data == tmp_path / "data"
    assert made.database_url == f"sqlite:///{tmp_path}/data/ehrenamt.sqlite"
    assert made.sqlite
    assert (made.redis_url, made.allowed_networks, made.log_level) == ("", (), "info")
    assert made.proxies == ["127.0.0.0/8", "::1/128"]


def test_everything_can_be_set(tmp_path: Path) -> None:
    made = Settings.load(
        {
            "EHRENAMT_URL": "https://ehrenamt.hagen.de/",
            "EHRENAMT_HANDLE_DOMAIN": "Hagen.de",
            "EHRENAMT_DATA": str(tmp_path),
            "EHRENAMT_DATABASE_URL": "postgresql://user:secret@db/ehrenamt",
            "EHRENAMT_REDIS_URL": "redis://cache/0",
            "EHRENAMT_ALLOWED_NETWORKS": "127.0.0.0/8, fd00::/8 10.0.0.1",
            "EHRENAMT_TRUSTED_PROXIES": "172.16.0.0/12",
            "EHRENAMT_LOG_LEVEL": "DEBUG",
        }
    )
    assert (made.url, made.host, made.handle_domain) == ("https://ehrenamt.hagen.de", "ehrenamt.hagen.de", "hagen.de")
    assert made.database_url == "postgresql+psycopg://user:secret@db/ehrenamt"
    assert not made.sqlite
    assert made.allowed_networks == (ip_network("127.0.0.0/8"), ip_network("fd00::/8"), ip_network("10.0.0.1/32"))
    assert made.proxies == ["172.16.0.0/12"]
    assert made.log_level == "debug"


@pytest.mark.parametrize(
    "url",
    ["hagen.de", "ftp://hagen.de", "https://hagen.de/pfad", "https://", "https://Hagen.de", "https://u:p@hagen.de", ""],
)
def test_no_address(url: str) -> None:
    assert problems(URL=url) == ["EHRENAMT_URL"]


@pytest.mark.parametrize(
    "domain", ["https://hagen.de", "hagen.de/", "@hagen.de", "hagen.de:443", "ha gen.de/x", "u@h.de"]
)
def test_no_domain(domain: str) -> None:
    """It can never be changed again, and stands in every handle."""
    assert problems(HANDLE_DOMAIN=domain) == ["EHRENAMT_HANDLE_DOMAIN"]


@pytest.mark.parametrize("domain", ["hagen.de", "127.0.0.1:8071", "xn--mller-kva.de", "localhost"])
def test_domains(domain: str) -> None:
    assert Settings.load({"EHRENAMT_HANDLE_DOMAIN": domain}).handle_domain == domain


def test_names_with_umlauts_are_kept_as_they_are_asked_for() -> None:
    """Whoever signs for us, or names a key of ours, can write ASCII alone."""
    made = Settings.load({"EHRENAMT_URL": "https://Ehrenamt.Köln-Süd.de/", "EHRENAMT_HANDLE_DOMAIN": "Straße.de"})
    assert (made.url, made.handle_domain) == ("https://ehrenamt.xn--kln-sd-wxa6c.de", "xn--strae-oqa.de")
    tried = Settings.load({"EHRENAMT_URL": "http://täst.localhost:8001"})
    assert (tried.url, tried.handle_domain) == ("http://xn--tst-qla.localhost:8001", "xn--tst-qla.localhost:8001")
    assert problems(URL="https://käse kuchen.de") == ["EHRENAMT_URL"]
    assert problems(HANDLE_DOMAIN="mü ller.de") == ["EHRENAMT_HANDLE_DOMAIN"]


@pytest.mark.parametrize("url", ["mysql://db/x", "sqlite://x", "/var/lib/x.sqlite", "postgres://db/x"])
def test_databases_that_are_not_served(url: str) -> None:
    assert problems(DATABASE_URL=url) == ["EHRENAMT_DATABASE_URL"]


@pytest.mark.parametrize("url", ["localhost:6379", "http://cache"])
def test_no_redis(url: str) -> None:
    assert problems(REDIS_URL=url) == ["EHRENAMT_REDIS_URL"]


@pytest.mark.parametrize("networks", ["lokal", "127.0.0.1/33", "127.0.0.1/8", "10.0.0.0/8,x"])
def test_no_networks(networks: str) -> None:
    assert problems(ALLOWED_NETWORKS=networks) == ["EHRENAMT_ALLOWED_NETWORKS"]
    assert problems(TRUSTED_PROXIES=networks) == ["EHRENAMT_TRUSTED_PROXIES"]


def test_weights_of_matching() -> None:
    assert Settings.load({}).matching_weights == ()
    made = Settings.load({"EHRENAMT_MATCHING_WEIGHTS": "bereich=1.5, zeit=3,art=0"})
    assert made.matching_weights == (("bereich", 1.5), ("zeit", 3.0), ("art", 0.0))
    assert all(Settings.load({"EHRENAMT_MATCHING_WEIGHTS": f"{slug}=2"}).matching_weights for slug in weights.SLUGS)


@pytest.mark.parametrize(
    "given", ["bereich", "bereich=", "bereich=4", "bereich=3.1", "bereich=-1", "Bereich=1", "=1", "bereich=nan"]
)
def test_no_weights_of_matching(given: str) -> None:
    assert problems(MATCHING_WEIGHTS=given) == ["EHRENAMT_MATCHING_WEIGHTS"]


@pytest.mark.parametrize("name", ["SECRET", "FORMER_SECRET"])
def test_a_secret_that_can_be_guessed(name: str) -> None:
    assert problems(**{name: "x" * 31}) == [f"EHRENAMT_{name}"]
    assert getattr(Settings.load({f"EHRENAMT_{name}": "x" * 32}), name.lower()) == "x" * 32


def test_there_is_no_secret_but_the_given_one() -> None:
    assert (Settings.load({}).secret, Settings.load({}).former_secret) == ("", "")


def test_whom_an_instance_speaks_to_and_how_much_it_lets_others_cause() -> None:
    usual = Settings.load({})
    assert (usual.federation, usual.secure_mode, usual.semantic) == ("open", False, True)
    assert (usual.inbox_per_minute, usual.strangers_per_day, usual.pictures_mb) == (600, 1000, 2000)
    given = {"FEDERATION": "AllowList", "SECURE_MODE": "on", "INBOX_PER_MINUTE": "7", "PICTURES_MB": "0"}
    made = Settings.load({f"EHRENAMT_{name}": value for name, value in given.items()})
    assert (made.federation, made.secure_mode, made.inbox_per_minute, made.pictures_mb) == ("allowlist", True, 7, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FEDERATION", "closed"),
        ("SECURE_MODE", "vielleicht"),
        ("SEMANTIC", "manchmal"),
        ("INBOX_PER_MINUTE", "0"),
        ("INBOX_PER_MINUTE", "viel"),
        ("STRANGERS_PER_DAY", "-1"),
        ("PICTURES_MB", "1.5"),
        ("PICTURES_MB", "9" * 30),
    ],
)
def test_no_policy(name: str, value: str) -> None:
    assert problems(**{name: value}) == [f"EHRENAMT_{name}"]


def test_all_problems_are_named_at_once() -> None:
    named = problems(URL="x", LOG_LEVEL="laut", DATABASE_URL="x", REDIS_URL="x", ALLOWED_NETWORKS="x y")
    networks = ["EHRENAMT_ALLOWED_NETWORKS"] * 2
    assert named == ["EHRENAMT_URL", "EHRENAMT_LOG_LEVEL", "EHRENAMT_DATABASE_URL", "EHRENAMT_REDIS_URL", *networks]


def test_the_file_counts_less_than_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("URL", "HANDLE_DOMAIN", "DATA", "DATABASE_URL"):
        monkeypatch.delenv(f"EHRENAMT_{name}", raising=False)
    (tmp_path / ENV_FILE).write_text("EHRENAMT_URL=https://a.example\nEHRENAMT_LOG_LEVEL=error\n")
    assert Settings.from_environment().url == "https://a.example"
    monkeypatch.setenv("EHRENAMT_URL", "https://b.example")
    made = Settings.from_environment()
    assert (made.url, made.log_level) == ("https://b.example", "error")
    assert Settings.from_environment({"EHRENAMT_URL": "https://c.example"}).url == "https://c.example"


def test_another_process_of_ours_gets_only_the_given_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EHRENAMT_URL", "https://a.example")
    monkeypatch.setenv("OTHER", "kept")
    around = Settings.surroundings({"EHRENAMT_DATA": "/x"})
    assert "EHRENAMT_URL" not in around
    assert (around["EHRENAMT_DATA"], around["OTHER"]) == ("/x", "kept")


def test_every_setting_is_explained() -> None:
    for field in Settings.__dataclass_fields__.values():
        assert len(field.metadata["help"]) > 10, field.name


def test_mail() -> None:
    made = Settings.load({"EHRENAMT_URL": "https://hagen.de:8443"})
    assert (made.smtp_url, made.mail_from) == ("", "ehrenamt@hagen.de")
    given = {"EHRENAMT_SMTP_URL": "smtp://stadt:geheim@mail.hagen.de", "EHRENAMT_MAIL_FROM": "post@müller.de"}
    made = Settings.load(given)
    assert made.mail_from == "post@xn--mller-kva.de"
    assert "geheim" not in repr(made)


@pytest.mark.parametrize("url", ["mail.hagen.de", "http://mail.hagen.de", "smtp://nurname@mail.hagen.de", "smtp://"])
def test_no_mail_server(url: str) -> None:
    assert problems(SMTP_URL=url) == ["EHRENAMT_SMTP_URL"]


@pytest.mark.parametrize("sender", ["Stadt Hagen <post@hagen.de>", "post", "post@hagen.de\r\nBcc: a@b.de"])
def test_no_sender(sender: str) -> None:
    assert problems(MAIL_FROM=sender) == ["EHRENAMT_MAIL_FROM"]
