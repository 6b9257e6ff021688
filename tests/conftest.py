"""What most tests begin with: a site with a section, a person, and clients in the roles that people have."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from wagtail.models import Site

from discussion.models import ModeratedSection
from pages.models import HomePage
from tests import factories


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Content types first among the rows that come back after a test with real transactions: pages ask for theirs."""
    if contents := getattr(connection, "_test_serialized_contents", None):
        rows = sorted(json.loads(contents), key=lambda row: row["model"] != "contenttypes.contenttype")
        connection._test_serialized_contents = json.dumps(rows)


@pytest.fixture(autouse=True)
def _fresh_caches():
    """Caches of one test's rows must not answer in the next."""
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
    client = Client()
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
