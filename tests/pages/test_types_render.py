"""Every page type is shown with the least and with everything, on the site and in the editor's preview."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import get_page_models

from pages.models import CaptionTrack, ContentPage, Format, FormatKind, HomePage, HomePageFeature, TopicPick, VideoChapter
from people.models import PeopleIndexPage
from tests import factories
from tests.conftest import client_of
from tests.pages import cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(home, section, people, person):
    return {"home": home, "section": section, "people": people, "person": person}


def publication(tree):
    return factories.PublicationPageFactory(parent=tree["section"], title="A publication")


MINIMAL = {
    "HomePage": lambda tree: tree["home"],
    "SectionPage": lambda tree: tree["section"],
    "StandardPage": lambda tree: factories.StandardPageFactory(parent=tree["home"]),
    "PeopleIndexPage": lambda tree: tree["people"],
    "PersonPage": lambda tree: tree["person"],
    "PublicationPage": publication,
    "ChapterPage": lambda tree: factories.ChapterPageFactory(parent=publication(tree)),
    "InterviewPage": lambda tree: factories.InterviewPageFactory(parent=tree["section"]),
    "VideoPage": lambda tree: factories.VideoPageFactory(parent=tree["section"]),
    "ArticlePage": lambda tree: factories.ArticlePageFactory(parent=tree["section"]),
    "TopicPage": lambda tree: factories.TopicPageFactory(parent=tree["home"]),
    "SeriesPage": lambda tree: factories.SeriesPageFactory(parent=tree["home"]),
    "PathPage": lambda tree: factories.PathPageFactory(parent=tree["home"]),
}


def fill_home(page):
    page.strapline, page.introduction = "What we are for", "Two sentences. About us."
    page.save()
    section = factories.SectionPageFactory(parent=page, show_in_menus=True)
    for place in range(3):
        featured = factories.ArticlePageFactory(parent=section)
        HomePageFeature.objects.create(home=page, page=featured, sort_order=place)
    factories.TopicPageFactory(parent=page)


def fill_section(page):
    page.introduction = "What is listed here."
    page.save()
    for place in range(15):
        factories.ArticlePageFactory(parent=page, image=factories.ImageFactory() if place % 2 else None)


def fill_standard(page):
    page.introduction = "What this page is for."
    page.body = cases.stream(cases.full_blocks(cases.things(page)) + [("heading", {"text": "H", "level": "2"})] * 3)
    page.save()


def fill_people_index(page):
    page.introduction = "Who we are."
    page.save()
    factories.PersonPageFactory(parent=page, job_title="Engineer", affiliation="Water board", portrait=factories.ImageFactory())


def fill_person(page):
    page.job_title, page.affiliation, page.website = "Engineer", "Water board", "https://example.org/"
    page.summary, page.biography, page.portrait = "Keeps the dikes.", "<p>Twenty years.</p>", factories.ImageFactory()
    page.save()
    section = factories.SectionPageFactory(parent=page.get_parent().get_parent())
    for role in ("author", "interviewee"):
        work = factories.ArticlePageFactory(parent=section)
        factories.ContributionFactory(page=work, person=page, role=role)


def fill_publication(page):
    page.subtitle, page.isbn, page.doi = "A subtitle", "9781999999025", "10.55555/map"
    page.save()
    for kind in FormatKind:
        Format.objects.create(page=page, kind=kind, address="https://shop.example/", vendor="a shop", price_note="free")
    Format.objects.create(
        page=page, document=factories.DocumentFactory(), how_to_read="On paper.", feedback_request="How was it?"
    )
    Format.objects.create(page=page, kind="print", isbn="9781999999025")
    for make in (factories.ChapterPageFactory, factories.InterviewPageFactory, factories.VideoPageFactory):
        make(parent=page)


def fill_chapter(page):
    factories.ChapterPageFactory(parent=page.get_parent())


def fill_interview(page):
    page.recording = factories.MediaFactory(type="audio")
    page.save()


def fill_video(page):
    page.address, page.film, page.duration = "", factories.MediaFactory(), "0:38"
    page.transcript = cases.stream(cases.speeches())
    page.save()
    CaptionTrack.objects.create(page=page, document=factories.DocumentFactory())
    VideoChapter.objects.create(page=page, time="0:05", title="The river")


def fill_topic(page):
    page.phrase, page.colour = "flood-ready places", "moss"
    page.save()
    section = factories.SectionPageFactory(parent=page.get_parent())
    for _ in range(8):
        factories.PageTopicFactory(page=factories.ArticlePageFactory(parent=section), topic=page)
    for place, picked in enumerate(ContentPage.objects.child_of(section)[:2]):
        TopicPick.objects.create(topic=page, page=picked, sort_order=place)
    factories.ContributionFactory(page=picked, person=factories.PersonPageFactory(parent=PeopleIndexPage.objects.first()))
    factories.comment(picked.specific)


def fill_series(page):
    section = factories.SectionPageFactory(parent=page.get_parent())
    for place in range(3):
        factories.SeriesItemFactory(series=page, page=factories.ArticlePageFactory(parent=section), sort_order=place)


def fill_path(page):
    section = factories.SectionPageFactory(parent=page.get_parent())
    for place, made in enumerate([factories.ArticlePageFactory(parent=section), section, page.get_parent()]):
        factories.PathStepFactory(path=page, page=made, note="Look at the map.", sort_order=place)
    factories.PathStepFactory(path=page, address="https://example.org/", title="Elsewhere", sort_order=9)


FILL = {
    "HomePage": fill_home,
    "SectionPage": fill_section,
    "StandardPage": fill_standard,
    "PeopleIndexPage": fill_people_index,
    "PersonPage": fill_person,
    "PublicationPage": fill_publication,
    "ChapterPage": fill_chapter,
    "InterviewPage": fill_interview,
    "VideoPage": fill_video,
    "ArticlePage": lambda page: None,
    "TopicPage": fill_topic,
    "SeriesPage": fill_series,
    "PathPage": fill_path,
}


def full(name, tree):
    page = MINIMAL[name](tree)
    if isinstance(page, ContentPage):
        cases.everything_of_content(page, tree["person"])
    FILL[name](page)
    return page


def headline(response) -> str:
    (heading,) = BeautifulSoup(response.content, "html.parser").find_all("h1")
    return heading.get_text(strip=True)


def expected_headline(page) -> str:
    return page.strapline or page.title if isinstance(page, HomePage) else page.title


def test_every_page_type_has_a_case():
    ours = {model.__name__ for model in get_page_models() if model._meta.app_label in {"pages", "people"} and model.is_creatable}
    assert set(MINIMAL) == set(FILL) == ours


@pytest.mark.parametrize("name", MINIMAL)
def test_page_with_the_least_is_shown(client, tree, name):
    page = MINIMAL[name](tree)
    response = client.get(page.url)
    assert (response.status_code, headline(response)) == (200, expected_headline(page))


@pytest.mark.parametrize("name", FILL)
def test_page_with_everything_is_shown(client, tree, name):
    page = full(name, tree)
    response = client.get(page.url)
    assert (response.status_code, headline(response)) == (200, expected_headline(page))
    if isinstance(page, ContentPage):
        text = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)
        wanted = [
            "Full quotation",
            "Full caption",
            "Name of speaker",
            "Note of related-to",
            "Elsewhere replaces",
            "Were you there?",
        ]
        assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize("name", FILL)
def test_draft_is_shown_in_preview_as_it_will_be(administrator, tree, name):
    page = full(name, tree)
    page.title = "Title of the draft"
    if isinstance(page, HomePage):
        page.strapline = "Title of the draft"
    page.save_revision()
    response = client_of(administrator).get(f"/admin/pages/{page.pk}/view_draft/")
    assert (response.status_code, headline(response)) == (200, "Title of the draft")


@pytest.mark.parametrize("name", MINIMAL)
def test_what_an_editor_is_typing_is_shown_in_preview(administrator, tree, name):
    page = MINIMAL[name](tree)
    client, address = client_of(administrator), f"/admin/pages/{page.pk}/edit/preview/"
    form = client.get(f"/admin/pages/{page.pk}/edit/").context["form"]
    data = typed(form) | {"title": "Title being typed", "strapline": "Title being typed"}
    assert client.post(address, data).json() == {"is_valid": True, "is_available": True}
    response = client.get(address)
    assert (response.status_code, headline(response)) == (200, "Title being typed")


@pytest.mark.parametrize("name", sorted(set(MINIMAL) - {"HomePage", "PeopleIndexPage"}))
def test_a_new_page_is_shown_in_preview_before_it_is_saved(administrator, tree, name):
    parent = MINIMAL[name](tree).get_parent().specific
    model = next(model for model in parent.creatable_subpage_models() if model.__name__ == name)
    client = client_of(administrator)
    add = f"/admin/pages/add/{model._meta.app_label}/{model._meta.model_name}/{parent.pk}/"
    data = typed(client.get(add).context["form"]) | {"title": "Not saved yet", "summary": "What is in it."}
    assert client.post(f"{add}preview/", data).json() == {"is_valid": True, "is_available": True}
    response = client.get(f"{add}preview/")
    assert (response.status_code, headline(response)) == (200, "Not saved yet")


def typed(form) -> dict:
    """What the browser would send of an editing form as it stands; stream fields are sent empty."""
    data = {}
    for part in [form, *(row for formset in form.formsets.values() for row in [formset.management_form, *formset.forms])]:
        for bound in part:
            data |= sent(bound)
    return data


def sent(bound) -> dict:
    value = bound.value()
    if hasattr(bound.field, "block"):
        return {f"{bound.html_name}-count": "0"}
    if isinstance(value, bool):
        return {bound.html_name: "on"} if value else {}
    shown = bound.field.widget.format_value(value) if value is not None else None
    return {bound.html_name: "" if shown is None else shown}
