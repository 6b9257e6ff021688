"""Settings as a process without any environment reads them: production, and nothing less."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from discussion.models import DiscussionSettings

PROJECT = Path(__file__).parents[2]
KEY = "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJ"


def run(code: str, **environment) -> subprocess.CompletedProcess:
    """A fresh process in the project with ``environment`` and nothing else."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "DJANGO_SETTINGS_MODULE": "hub.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def setting(*names, **environment) -> list:
    """The values of settings of a process with a key and ``environment``."""
    code = f"import json; from hub import settings as s; print(json.dumps([getattr(s, n, None) for n in {names!r}], default=str))"
    done = run(code, SECRET_KEY=KEY, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("environment", [{}, {"SECRET_KEY": ""}])
def test_without_a_key_nothing_starts_and_the_reason_is_told(environment):
    done = run("import hub.settings", **environment)
    assert done.returncode != 0
    assert done.stderr.strip().endswith("SECRET_KEY is not set. `make run` makes one; in production set your own.")


def test_the_key_is_the_one_that_was_given():
    assert setting("SECRET_KEY") == [KEY]


def test_with_no_environment_this_is_production():
    assert setting("DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS") == [False, ["127.0.0.1", "localhost", "[::1]"], []]


def test_nobody_comments_faster_than_people_write_nor_without_end():
    assert setting("HUB_COMMENT_SECONDS") == [2]
    limits = {name: DiscussionSettings._meta.get_field(name).default for name in ("posts_per_person", "posts_per_address")}
    assert limits == {"posts_per_person": 10, "posts_per_address": 30}


@pytest.mark.parametrize(
    ("value", "debug"),
    [("1", True), ("true", True), ("Yes", True), ("on", True), ("0", False), ("false", False), ("", False), ("no", False)],
)
def test_debug_is_on_only_when_it_is_asked_for(value, debug):
    assert setting("DEBUG", DEBUG=value) == [debug]


def test_cookies_are_out_of_reach_of_scripts():
    assert setting("SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY") == [True, True]


@pytest.mark.parametrize(("address", "secure"), [("https://hub.example", True), ("http://127.0.0.1:8000", False)])
def test_under_https_everything_is_secure(address, secure):
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    assert setting(*names, BASE_URL=address) == ([True, True, True, 63_072_000] if secure else [False, False, None, None])


@pytest.mark.parametrize(("environment", "beneath"), [({}, False), ({"HSTS_SUBDOMAINS": "1"}, True)])
def test_sites_beneath_this_one_are_bound_to_https_only_when_somebody_says_so(environment, beneath):
    names = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert setting(*names, BASE_URL="https://hub.example", **environment) == [beneath, beneath]


@pytest.mark.parametrize(("environment", "header"), [({}, None), ({"TRUST_PROXY": "1"}, ["HTTP_X_FORWARDED_PROTO", "https"])])
def test_a_proxys_word_is_taken_only_when_it_is_trusted(environment, header):
    assert setting("SECURE_PROXY_SSL_HEADER", BASE_URL="https://hub.example", **environment) == [header]


def test_hosts_are_a_list_separated_by_commas():
    assert setting("ALLOWED_HOSTS", ALLOWED_HOSTS=" hub.example, www.hub.example ,,") == [["hub.example", "www.hub.example"]]


def test_links_elsewhere_are_checked_on_the_usual_ports_in_no_network_of_ours_unless_somebody_says_so():
    names = ("HUB_CHECKS_LINKS", "HUB_CHECKED_PORTS", "HUB_CHECKED_NETWORKS")
    assert setting(*names) == [True, [80, 443], []]
    given = {"HUB_CHECKS_LINKS": "0", "HUB_CHECKED_PORTS": "443,8443", "HUB_CHECKED_NETWORKS": "10.20.0.0/16"}
    assert setting(*names, **given) == [False, [443, 8443], ["10.20.0.0/16"]]


def test_database_is_a_file_of_its_own_that_several_may_write_to():
    ((database),) = setting("DATABASES", HUB_LOCAL_DIR="/nowhere/hub")
    options = database["default"]["OPTIONS"]
    assert (database["default"]["NAME"], options["transaction_mode"]) == ("/nowhere/hub/hub.sqlite3", "IMMEDIATE")
    assert "journal_mode=WAL" in options["init_command"]


def test_database_may_be_postgresql_without_the_options_of_sqlite():
    ((database),) = setting("DATABASES", DATABASE_URL="postgres://hub:secret@db.example:5433/hub")
    default = database["default"]
    assert (default["ENGINE"], default["HOST"], default["PORT"]) == ("django.db.backends.postgresql", "db.example", 5433)
    assert "init_command" not in default.get("OPTIONS", {})


def test_script_policy_allows_no_script_of_a_page_and_no_other_host():
    ((policy),) = setting("CONTENT_SECURITY_POLICY")
    directives = policy["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert (directives["script-src"], directives["style-src"], directives["img-src"]) == (["'self'"],) * 3
    assert directives["frame-src"] == ["https://www.youtube-nocookie.com", "https://player.vimeo.com"]
    assert "unsafe" not in json.dumps(policy)


def test_no_third_party_learns_who_works_here():
    assert setting("WAGTAIL_GRAVATAR_PROVIDER_URL", "WAGTAIL_ENABLE_UPDATE_CHECK", "WAGTAILEMBEDS_FINDERS") == [
        None,
        False,
        [{"class": "pages.players.OfflineFinder"}],
    ]


def test_mail_stays_in_files_until_a_server_is_named():
    backend, folder = setting("EMAIL_BACKEND", "EMAIL_FILE_PATH", HUB_LOCAL_DIR="/nowhere/hub")
    assert (backend, folder) == ("django.core.mail.backends.filebased.EmailBackend", "/nowhere/hub/mail")


def test_djangos_own_check_for_production_finds_nothing():
    code = (
        "import django; django.setup(); from django.core.management import call_command as call; "
        "call('check', deploy=True, fail_level='WARNING')"
    )
    done = run(code, SECRET_KEY=KEY, BASE_URL="https://hub.example", ALLOWED_HOSTS="hub.example", HUB_LOCAL_DIR="/nowhere/hub")
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_postgresql_compiles_no_query():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite compiles none")
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
