"""Who did what: printed names, speaker labels, and profiles that come and go."""

import pytest
from bs4 import BeautifulSoup

from pages.models import ContentPage, Contribution, Role
from pages.models.contribution import BYLINES
from pages.navigation import byline
from tests import factories
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db


def credit(page, **values):
    return factories.ContributionFactory(page=page, **values)


def shown_names(client, page) -> list[tuple[str, str | None]]:
    """Names of the byline as readers see them, each with the address that it leads to."""
    rows = BeautifulSoup(client.get(page.url).content, "html.parser").select(".byline__name")
    return [(row.get_text(), row.a["href"] if row.a else None) for row in rows]


def test_printed_name_is_taken_from_the_profile(article, person):
    assert credit(article, person=person).name == "Ada Person"


def test_printed_name_stays_when_the_profile_is_renamed(article, person):
    row = credit(article, person=person)
    person.title = "Ada Otherwise"
    person.save()
    row.refresh_from_db()
    row.save()
    assert row.name == "Ada Person"


def test_printed_name_that_the_editor_wrote_is_kept(article, person):
    assert credit(article, person=person, name="Dr A. Person").name == "Dr A. Person"


def test_byline_survives_the_profile(client, article, person):
    row = credit(article, person=person, affiliation="Water board")
    person.delete()
    row.refresh_from_db()
    assert (row.person, row.name, row.affiliation) == (None, "Ada Person", "Water board")
    assert shown_names(client, article) == [("Ada Person", None)]


def test_contribution_goes_with_its_page(article, person):
    credit(article, person=person)
    article.delete()
    assert not Contribution.objects.exists()


def test_somebody_without_a_profile_is_given_by_name_alone(client, article):
    credit(article, name="Parish clerk")
    assert shown_names(client, article) == [("Parish clerk", None)]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Ada Person", "A.P."),
        ("Ada", "A."),
        ("Ada Maria van der Person", "A.P."),
        ("Dr Ada Person", "A.P."),
        ("Prof. Ada Person", "A.P."),
        ("Adaeze Okoro-Lind", "A.O."),
        ("Ada (Water Board) Person", "A.P."),
        ("ångström person", "Å.P."),
        ("Ж. Иванова", "Ж.И."),
    ],
)
def test_speaker_label_is_made_from_the_name(article, name, label):
    assert credit(article, name=name, role="interviewee").label == label


@pytest.mark.parametrize(
    ("role", "label"), [(role, "A.P." if role in {"interviewer", "interviewee", "speaker", "chair"} else "") for role in Role]
)
def test_only_those_who_speak_get_a_label(article, role, label):
    assert credit(article, name="Ada Person", role=role).label == label


def test_label_that_the_editor_wrote_is_kept(article):
    assert credit(article, name="Ada Person", role="speaker", label="Ada").label == "Ada"


@pytest.mark.parametrize(
    ("change", "linked"),
    [
        ({}, True),
        ({"live": False}, False),
        ({"expire_at": "2001-01-01T00:00Z"}, False),
        ({"go_live_at": "2999-01-01T00:00Z"}, False),
    ],
)
def test_name_leads_to_the_profile_only_while_readers_can_see_it(client, article, person, change, linked):
    credit(article, person=person)
    type(person).objects.filter(pk=person.pk).update(**change)
    assert shown_names(client, article) == [("Ada Person", person.url if linked else None)]


def test_every_role_has_words_for_the_byline():
    assert set(BYLINES) == set(Role)
    assert {role.byline for role in Role} == {str(words) for words in BYLINES.values()}


def test_byline_groups_by_role_in_the_order_in_which_roles_first_appear(article):
    for place, (name, role) in enumerate(
        [("A", "foreword"), ("B", "author"), ("C", "foreword"), ("D", "author"), ("E", "translator")]
    ):
        credit(article, name=name, role=role, sort_order=place)
    groups = [(group["role"], str(group["words"]), [row.name for row in group["rows"]]) for group in byline(article)]
    assert groups == [
        ("foreword", "Foreword by", ["A", "C"]),
        ("author", "By", ["B", "D"]),
        ("translator", "Translated by", ["E"]),
    ]


def test_page_without_contributors_has_no_byline(client, article):
    assert byline(article) == []
    assert shown_names(client, article) == []


def test_names_are_shown_in_preview_as_the_draft_has_them(administrator_client, article, person):
    credit(article, person=person, name="Old Name")
    article.contributions = [
        Contribution(name="New Name", role="author"),
        Contribution(person=person, name="Ada Person", role="foreword"),
    ]
    article.save_revision()
    assert shown_names_in_draft(administrator_client, article) == ["New Name", "Ada Person"]
    assert [row.name for row in ContentPage.objects.get(pk=article.pk).contributions.all()] == ["Old Name"]


def shown_names_in_draft(client, page):
    soup = BeautifulSoup(client.get(f"/admin/pages/{page.pk}/view_draft/").content, "html.parser")
    return [row.get_text() for row in soup.select(".byline__name")]


def test_draft_with_a_deleted_person_still_opens_and_keeps_the_name(administrator_client, article, person):
    article.contributions = [Contribution(person=person, name="Ada Person", role="author")]
    article.save_revision()
    person.delete()
    assert administrator_client.get(f"/admin/pages/{article.pk}/edit/").status_code == 200
    assert shown_names_in_draft(administrator_client, article) == ["Ada Person"]


def test_publishing_a_draft_made_before_the_profile_went_keeps_the_byline(client, article, person):
    article.contributions = [Contribution(person=person, name="Ada Person", role="author")]
    draft = article.save_revision()
    person.delete()
    draft.publish()
    assert shown_names(client, article) == [("Ada Person", None)]


def test_people_and_turns_of_an_interview_cost_the_same_however_many(client, section, people):
    def interview_of(number):
        page = factories.InterviewPageFactory(parent=section)
        for place in range(number):
            profile = factories.PersonPageFactory(parent=people, portrait=factories.ImageFactory())
            credit(page, person=profile, role="interviewee", sort_order=place)
        page.body = [("exchange", {"label": "G.F.", "part": "answer", "text": "<p>Yes.</p>"})] * number
        page.save()
        return page.url

    assert queries_of(client, interview_of(2)) == queries_of(client, interview_of(12))
