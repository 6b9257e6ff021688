"""What most tests begin with: a site with a section, a person, and clients in the roles that people have."""

import gc
import json
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client
from modelsearch import signal_handlers
from wagtail.models import Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from discussion.models import ModeratedSection
from pages.models import HomePage
from tests import factories, ready


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Let tests of one ``xdist_group`` come to one worker, as their marks say.

    pytest-xdist 3.8 tells the group by a private name that pytest 9.2 no longer reads: without this, groups are passed over
    in silence (https://github.com/pytest-dev/pytest-xdist/issues/1386). It also comes too early for marks from a conftest.
    """
    if not getattr(config.option, "loadgroup", False):
        return  # no worker of several
    for item in items:
        named = "_".join(sorted({mark.args[0] for mark in item.iter_markers("xdist_group")}))
        if named and not item.nodeid.endswith(f"@{named}"):
            item._id = type(item._id).parse(f"{item.nodeid}@{named}")


def pytest_collection_finish():
    """What is imported by now stays: the collector need not look at a million objects of it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """The test database begins as a copy of one that is migrated already."""
    ready.begin_with_a_copy()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Content types first among the rows that come back after a test with real transactions: pages ask for theirs."""
    if contents := getattr(connection, "_test_serialized_contents", None):
        rows = sorted(json.loads(contents), key=lambda row: row["model"] != "contenttypes.contenttype")
        connection._test_serialized_contents = json.dumps(rows)


@pytest.fixture
def admin_search(settings):
    """The search of the admin, kept up to date as pages are saved."""
    backend = settings.WAGTAILSEARCH_BACKENDS["default"]
    settings.WAGTAILSEARCH_BACKENDS = {"default": backend | {"AUTO_UPDATE": True}}


@pytest.fixture
def reference_index():
    """Wagtail's index of references, kept up to date as pages are saved."""


@pytest.fixture(autouse=True)
def _references_only_where_asked(request):
    """The index of references costs an eighth of all tests' time: it is written anew with every row of every page."""
    with nullcontext() if "reference_index" in request.fixturenames else disable_reference_index_auto_update():
        yield


@pytest.fixture(autouse=True)
def _search_of_the_admin_only_where_asked(request, monkeypatch):
    """Of all tests' time a sixteenth is reading each saved page again, for an index that is switched off."""
    if "admin_search" not in request.fixturenames:
        monkeypatch.setattr(signal_handlers, "insert_or_update_object_task", SimpleNamespace(enqueue=lambda *key: None))


@pytest.fixture(autouse=True)
def _fresh_caches():
    """Caches of one test's rows must not answer in the next."""
    cache.clear()
    Site.clear_site_root_paths_cache()
    ContentType.objects.clear_cache()


@pytest.fixture
def home(db) -> HomePage:
    return HomePage.objects.get()


@pytest.fixture
def section(home):
    return factories.SectionPageFactory(parent=home, title="Everything", slug="everything")


@pytest.fixture
def article(section):
    return factories.ArticlePageFactory(parent=section, title="A dry street", slug="a-dry-street")


@pytest.fixture
def people(home):
    return factories.PeopleIndexPageFactory(parent=home, title="People", slug="people")


@pytest.fixture
def person(people):
    return factories.PersonPageFactory(parent=people, title="Ada Person")


def in_group(username: str, *groups: str):
    """A new account in the named groups."""
    user = factories.UserFactory(username=username)
    user.groups.set(Group.objects.filter(name__in=groups))
    assert user.groups.count() == len(groups)
    return user


def moderator_of(username: str, *pages):
    """A new account in a group that moderates the comments beneath ``pages``, and has what the group's form asks for."""
    group = Group.objects.create(name=f"Group of {username}")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    for page in pages:
        ModeratedSection.objects.create(group=group, page=page)
    user = factories.UserFactory(username=username)
    user.groups.add(group)
    return user


def client_of(user) -> Client:
    client = Client(headers={"origin": "http://testserver"})
    client.force_login(user)
    return client


@pytest.fixture
def editor(db):
    return in_group("editor", "Editors")


@pytest.fixture
def publisher(db):
    return in_group("publisher", "Publishers")


@pytest.fixture
def moderator(db):
    return in_group("moderator", "Moderators")


@pytest.fixture
def section_moderator(section):
    """Moderates what stands beneath the section, and nothing else."""
    group = Group.objects.create(name="Moderators of the section")
    group.permissions.set(Permission.objects.filter(codename="access_admin"))
    ModeratedSection.objects.create(group=group, page=section)
    return in_group("section-moderator", group.name)


@pytest.fixture
def reader(db):
    return in_group("reader")


@pytest.fixture
def administrator(db):
    return factories.UserFactory(username="administrator", is_superuser=True)


@pytest.fixture
def editor_client(editor):
    return client_of(editor)


@pytest.fixture
def publisher_client(publisher):
    return client_of(publisher)


@pytest.fixture
def moderator_client(moderator):
    return client_of(moderator)


@pytest.fixture
def reader_client(reader):
    return client_of(reader)


@pytest.fixture
def administrator_client(administrator):
    return client_of(administrator)
