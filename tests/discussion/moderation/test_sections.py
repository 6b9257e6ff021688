"""Section moderators: given by the form of a group, and shown nothing beyond their sections."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from discussion.models import LogEntry, ModeratedSection, PageComment
from discussion.permissions import may_moderate, may_moderate_page, moderated_by, moderators, moderators_of
from discussion.posting import must_be_held
from tests import factories
from tests.conftest import client_of, moderator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside(home):
    section = factories.SectionPageFactory(parent=home, title="Elsewhere", slug="elsewhere")
    return factories.ArticlePageFactory(parent=section, title="A wet street")


@pytest.fixture
def insider(section):
    return moderator_of("insider", section)


def form(*sections, name="Wardens", deleted=(), initial=0):
    values = {"name": name}
    for prefix, total, first in [
        ("page_permissions", 0, 0),
        ("image_permissions", 0, 0),
        ("document_permissions", 0, 0),
        ("media_permissions", 0, 0),
        ("collection_permissions", 0, 0),
        ("site_permissions", 0, 0),
        ("moderated_sections", len(sections), initial),
    ]:
        values |= {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": first}
        values |= {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
    for place, section in enumerate(sections):
        values[f"moderated_sections-{place}-page"] = getattr(section, "pk", section)
        values[f"moderated_sections-{place}-DELETE"] = "on" if section in deleted else ""
    return values


def test_sections_are_given_and_taken_in_the_form_of_a_group(administrator_client, administrator, section, outside):
    add, other = reverse("wagtailusers_groups:add"), outside.get_parent()
    page = administrator_client.get(add).content.decode()
    assert "tick “Can access Wagtail admin” above" in " ".join(page.split())
    response = administrator_client.post(add, form(section, section))
    assert response.status_code == 302, response.context["permission_panels"]
    group = Group.objects.get(name="Wardens")
    edit = reverse("wagtailusers_groups:edit", args=[group.pk])
    assert re.search(
        rf'name="moderated_sections-0-page"[^>]*value="{section.pk}"', administrator_client.get(edit).content.decode()
    )
    administrator_client.post(edit, form(section, initial=1))
    administrator_client.post(edit, form(section, other, deleted=[section], initial=1))
    assert ModeratedSection.objects.values_list("group", "page").get() == (group.pk, other.pk)
    administrator_client.post(edit, form(other, deleted=[other], initial=1))
    assert not ModeratedSection.objects.exists()
    about = "Sections moderated by the group “Wardens”"
    assert list(LogEntry.objects.order_by("pk").values_list("action", "by", "about", "before", "after")) == [
        ("settings", administrator.pk, about, {"sections": was}, {"sections": now})
        for was, now in [([], ["Everything"]), (["Everything"], ["Elsewhere"]), (["Elsewhere"], [])]
    ]


@pytest.mark.parametrize("chosen", ["", "999999999", "x", "1"])
def test_section_that_is_none_is_refused_and_nothing_is_saved(administrator_client, chosen):
    response = administrator_client.post(reverse("wagtailusers_groups:add"), form(chosen, initial=1))
    assert response.status_code == 200
    assert not Group.objects.filter(name="Wardens").exists()


def test_group_with_access_alone_moderates_its_section_and_sees_only_that(insider, article, outside):
    factories.comment(article, state="pending", text="Inside words")
    factories.comment(outside, state="pending", text="Outside words")
    client = client_of(insider)
    home = client.get("/admin/").content.decode()
    assert "Discussion (1)" in home
    assert re.search(r"<span>1</span>\s*comment waits", home)
    discussions = client.get(reverse("discussion_list")).content.decode()
    assert ("A dry street" in discussions, "A wet street" in discussions) == (True, False)
    assert client.get(reverse("discussion_override", args=[article.pk])).status_code == 200
    assert client.get(reverse("discussion_override", args=[outside.pk])).status_code == 404
    assert client.post(reverse("discussion_override", args=[outside.pk]), {"override": "off"}).status_code == 404
    assert client.post(reverse("discussion_override", args=[article.pk]), {"override": "off"}).status_code == 302


def test_who_moderates_what(insider, moderator, administrator, editor, article, outside):
    inside, beyond = factories.comment(article), factories.comment(outside)
    assert set(moderators()) == set(moderators_of(article)) == {insider, moderator, administrator}
    assert set(moderators_of(outside)) == {moderator, administrator}
    seen = {user: set(PageComment.objects.filter(moderated_by(user))) for user in (insider, moderator, administrator, editor)}
    assert seen == {insider: {inside}, moderator: {inside, beyond}, administrator: {inside, beyond}, editor: set()}
    asked = [
        (user, page) for user in (insider, moderator, editor) for page in (article, outside) if may_moderate_page(user, page)
    ]
    assert asked == [(insider, article), (moderator, article), (moderator, outside)]


def test_inactive_section_moderator_is_none(insider, article):
    type(insider).objects.filter(pk=insider.pk).update(is_active=False)
    insider = type(insider).objects.get(pk=insider.pk)
    assert not may_moderate(insider)
    assert insider not in moderators()


def test_own_comments_of_section_moderators_appear_at_once_in_their_section_only(insider, article, outside):
    assert (must_be_held(article, insider), must_be_held(outside, insider)) == (False, True)
