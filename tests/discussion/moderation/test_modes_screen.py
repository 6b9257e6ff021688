"""The screens on which it is said whether comments are read before or after publication."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discussion.models import DiscussionSettings, ModerationMode
from discussion.modes import set_mode
from tests import factories
from tests.conftest import client_of, moderator_of

pytestmark = pytest.mark.django_db


def screen(page):
    return reverse("discussion_mode", args=[page.pk])


def html(response) -> str:
    return " ".join(response.content.decode().split())


def listed(client):
    cells = re.findall(r"<td.*?</td>", html(client.get(reverse("discussion_modes_results"))))
    words = [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells]
    return list(zip(words[::2], words[1::2], strict=True))


def test_list_shows_the_site_its_sections_and_what_was_said(moderator_client, moderator, home, section, article):
    factories.SectionPageFactory(parent=section, title="Beneath")
    factories.SectionPageFactory(parent=home, title="Not out yet", live=False)
    set_mode(section, "after", by=moderator)
    set_mode(article, "before", by=moderator)
    assert listed(moderator_client) == [
        (home.title, "Before publication, as the site’s settings say"),
        ("Everything", "After publication"),
        ("A dry street", "Before publication"),
        ("Beneath", "After publication, as for “Everything”"),
    ]
    DiscussionSettings.objects.create(site=home.get_site(), hold_comments=False)
    assert listed(moderator_client)[0] == (home.title, "After publication, as the site’s settings say")
    assert listed(client_of(moderator_of("insider", section))) == listed(moderator_client)[1:]


def test_moderator_says_it_for_a_section_and_takes_it_back(moderator_client, section, article):
    for mode in ("before", "after"):
        assert moderator_client.post(screen(section), {"mode": mode})["Location"] == reverse("discussion_modes")
        assert ModerationMode.objects.values_list("page", "mode").get() == (section.pk, mode)
        assert f'value="{mode}" ' in html(moderator_client.get(screen(section)))
    page = html(moderator_client.get(reverse("discussion_override", args=[article.pk])))
    assert "After publication, as for “Everything”" in page
    assert f'action="{screen(article)}"' in page
    moderator_client.post(screen(section), {"mode": ""})
    assert not ModerationMode.objects.exists()


@pytest.mark.parametrize("mode", ["during", "nul\x00"])
def test_what_is_no_mode_changes_nothing(moderator_client, section, mode):
    assert moderator_client.post(screen(section), {"mode": mode}).status_code == 400
    assert not ModerationMode.objects.exists()


def test_only_what_one_moderates_is_there(home, section, article):
    draft = factories.ArticlePageFactory(parent=section, live=False)
    plain = factories.StandardPageFactory(parent=section)
    inside = client_of(moderator_of("insider", section))
    asked = {"section": section, "article": article, "home": home, "draft": draft, "plain": plain}
    assert {name: inside.get(screen(page)).status_code for name, page in asked.items()} == {
        "section": 200,
        "article": 200,
        "home": 404,
        "draft": 404,
        "plain": 404,
    }
    assert inside.post(screen(home), {"mode": "after"}).status_code == 404
    assert inside.get("/admin/discussion/modes/999999999/").status_code == 404
    assert not ModerationMode.objects.exists()


def test_list_costs_the_same_for_few_and_many(moderator_client, moderator, home):
    def more(number):
        for _ in range(number):
            set_mode(factories.SectionPageFactory(parent=home), "after", by=moderator)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            shown = len(listed(moderator_client))
        return len(queries), shown

    more(2)
    cost()
    few, shown = cost()
    assert shown == 3
    more(10)
    assert cost() == (few, 13)
