"""What may stand where in the tree, and which addresses are the site's own."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from wagtail.models import Page, get_page_models
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import nested_form_data

from pages.models import (
    ArticlePage,
    ChapterPage,
    ContentPage,
    HomePage,
    InterviewPage,
    PathPage,
    PublicationPage,
    SectionPage,
    SeriesPage,
    StandardPage,
    TopicPage,
    VideoPage,
)
from people.models import PeopleIndexPage, PersonPage
from tests import factories

CHILDREN = {
    HomePage: {SectionPage, StandardPage, TopicPage, SeriesPage, PathPage, PeopleIndexPage},
    SectionPage: {PublicationPage, InterviewPage, VideoPage, ArticlePage, TopicPage, SeriesPage, PathPage, SectionPage},
    PublicationPage: {ChapterPage, InterviewPage, VideoPage, ArticlePage},
    StandardPage: {StandardPage},
    PeopleIndexPage: {PersonPage},
    ChapterPage: set(),
    InterviewPage: set(),
    VideoPage: set(),
    ArticlePage: set(),
    TopicPage: set(),
    SeriesPage: set(),
    PathPage: set(),
    PersonPage: set(),
}
PARENTS = {child: {parent for parent, children in CHILDREN.items() if child in children} for child in CHILDREN}
PARENTS[HomePage] = {Page}
IN_ADDRESSES = sorted(
    {"admin", "discussion", "documents", "feed", "linked", "media", "search", "share", "sitemap", "static", "_util", "account"}
)

expect = WagtailPageTestCase()
pytestmark = pytest.mark.django_db


def name_of(model):
    return model.__name__


def test_the_table_names_every_page_type_of_ours():
    ours = {model for model in get_page_models() if model._meta.app_label in {"pages", "people"}}
    assert set(CHILDREN) == ours - {ContentPage}


@pytest.mark.parametrize("parent", CHILDREN, ids=name_of)
def test_beneath_a_page_only_the_types_of_the_table_can_be_created(parent):
    expect.assertAllowedSubpageTypes(parent, CHILDREN[parent])


@pytest.mark.parametrize("child", PARENTS, ids=name_of)
def test_a_page_can_be_created_only_beneath_the_types_of_the_table(child):
    expect.assertAllowedParentPageTypes(child, PARENTS[child])


def test_at_the_top_of_the_tree_only_a_home_page_can_be_created():
    ours = [model for model in Page.creatable_subpage_models() if model._meta.app_label in {"pages", "people"}]
    assert ours == [HomePage]


def test_the_common_table_of_content_is_no_type_that_editors_can_create(home, administrator_client):
    assert not ContentPage.is_creatable
    response = administrator_client.get(f"/admin/pages/add/pages/contentpage/{home.pk}/")
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_a_home_page_has_one_directory_of_people(home, people):
    assert not PeopleIndexPage.can_create_at(home)
    people.delete()
    assert PeopleIndexPage.can_create_at(home)


@pytest.mark.parametrize("slug", IN_ADDRESSES)
@pytest.mark.parametrize("model", sorted(CHILDREN[HomePage], key=name_of), ids=name_of)
def test_beneath_the_home_page_an_address_of_the_site_itself_is_refused(model, slug):
    page = (
        model(title="A page", slug=slug, summary="What is in it.")
        if issubclass(model, ContentPage)
        else model(title="A", slug=slug)
    )
    with pytest.raises(ValidationError) as caught:
        page.clean()
    assert caught.value.message_dict == {"slug": [f"“{slug}” is an address that the site itself uses. Choose another."]}


@pytest.mark.parametrize("model", sorted(CHILDREN[HomePage], key=name_of), ids=name_of)
def test_any_other_address_is_accepted(model):
    assert model(title="A page", slug="research").clean() is None


def test_every_address_that_the_site_answers_itself_is_reserved(settings):
    own = {str(pattern.pattern).lstrip("^").split("/")[0] for pattern in get_resolver().url_patterns} - {""}
    own = {part for part in own if "." not in part}  # no slug has a dot
    assert own <= settings.HUB_RESERVED_SLUGS
    assert set(IN_ADDRESSES) == settings.HUB_RESERVED_SLUGS
    assert settings.STATIC_URL.strip("/") in settings.HUB_RESERVED_SLUGS


def test_an_editor_is_told_at_the_field_that_an_address_is_taken(home, administrator_client):
    data = nested_form_data({"title": "Search", "slug": "search", "introduction": "", "lists": "", "discussion_mode": "open"})
    response = administrator_client.post(f"/admin/pages/add/pages/sectionpage/{home.pk}/", data | {"action-publish": "1"})
    assert response.context["form"].errors["slug"] == ["“search” is an address that the site itself uses. Choose another."]
    assert not SectionPage.objects.exists()


def test_an_address_made_from_the_title_is_checked_too(home):
    with pytest.raises(ValidationError, match="is an address that the site itself uses"):
        home.add_child(instance=SectionPage(title="Feed"))


def test_a_page_knows_its_kind_from_its_type(section):
    publication = factories.PublicationPageFactory(parent=section)
    made = [
        publication,
        factories.ChapterPageFactory(parent=publication),
        factories.InterviewPageFactory(parent=section),
        factories.VideoPageFactory(parent=section),
        factories.ArticlePageFactory(parent=section),
        factories.TopicPageFactory(parent=section),
        factories.SeriesPageFactory(parent=section),
    ]
    kinds = [ContentPage.objects.get(pk=page.pk).kind for page in made]
    assert kinds == ["publication", "chapter", "interview", "video", "article", "topic", "series"]
