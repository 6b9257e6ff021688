"""Profiles and the directory of people: names, order, initials, and the account behind a profile."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from wagtail.models import Page, PageViewRestriction

from pages.profiles import profile_of, works_of
from people.models import PersonPage, User
from tests import factories

pytestmark = pytest.mark.django_db

HIDING = {
    "draft": {"live": False},
    "scheduled": {"go_live_at": "2999-01-01T00:00Z"},
    "expired": {"expire_at": "2001-01-01T00:00Z"},
}


def soup_of(client, page):
    return BeautifulSoup(client.get(page.url).content, "html.parser")


def directory(client, people) -> list[str]:
    return [link.get_text() for link in soup_of(client, people).select(".person__name a")]


# Names


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("Ada Person", "Person, Ada"),
        ("Ada", "Ada"),
        ("Ada Maria Person", "Person, Ada Maria"),
        ("Adaeze Okoro-Lind", "Okoro-Lind, Adaeze"),
    ],
)
def test_sort_name_is_made_from_the_name(people, name, sorted_as):
    assert factories.PersonPageFactory(parent=people, title=name).sort_name == sorted_as


def test_sort_name_that_an_editor_wrote_is_kept(people):
    person = factories.PersonPageFactory(parent=people, title="Anna de Vries", sort_name="de Vries, Anna")
    person.save()
    assert PersonPage.objects.get().sort_name == "de Vries, Anna"


def test_sort_name_made_from_the_name_follows_when_the_name_changes(person):
    person.title = "Ada Otherwise"
    person.save_revision().publish()
    assert PersonPage.objects.get().sort_name == "Otherwise, Ada"


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ada Person", "AP"),
        ("Ada", "A"),
        ("ada maria person", "AP"),
        ("Dr Adaeze Okoro-Lind", "DO"),
        ("Ángel Étienne", "ÁÉ"),
        ("", ""),
    ],
)
def test_initials_stand_in_for_a_portrait(name, initials):
    assert PersonPage(title=name).initials == initials


def test_profile_without_a_portrait_shows_initials_and_one_with_a_portrait_its_picture(client, people):
    plain = factories.PersonPageFactory(parent=people, title="Ada Person")
    pictured = factories.PersonPageFactory(parent=people, title="Ben Other", portrait=factories.ImageFactory())
    assert [found.get_text() for found in soup_of(client, plain).select(".portrait")] == ["AP"]
    (portrait,) = soup_of(client, pictured).select(".portrait")
    assert (portrait.name, portrait["alt"], portrait["width"], portrait["height"]) == (
        "img",
        "",
        portrait["height"],
        portrait["width"],
    )


# The directory


def test_directory_stands_in_the_order_of_sort_names(client, people):
    for name, sort_name in [("Cleo Adams", ""), ("Ada Zimmer", ""), ("Ben Adams", ""), ("The Editors", "Aaa")]:
        factories.PersonPageFactory(parent=people, title=name, sort_name=sort_name)
    assert directory(client, people) == ["The Editors", "Ben Adams", "Cleo Adams", "Ada Zimmer"]


def test_people_of_the_same_name_stand_in_the_order_in_which_they_came(client, people):
    made = [factories.PersonPageFactory(parent=people, title="Ada Person", slug=f"ada-{n}") for n in range(3)]
    links = soup_of(client, people).select(".person__name a")
    assert [link["href"] for link in links] == [person.url for person in made]


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_directory_leaves_out_who_is_not_to_be_seen(client, people, person, change):
    Page.objects.filter(pk=person.pk).update(**change)
    assert directory(client, people) == []
    assert client.get(person.url).status_code == 404


def test_private_profile_is_left_out(client, people, person):
    PageViewRestriction.objects.create(page=person, restriction_type="login")
    assert directory(client, people) == []


def test_directory_says_what_people_do_now(client, people):
    factories.PersonPageFactory(parent=people, job_title="Engineer", affiliation="Water board")
    factories.PersonPageFactory(parent=people, affiliation="Parish council")
    places = [place.get_text(strip=True) for place in soup_of(client, people).select(".person__place")]
    assert sorted(places) == ["Engineer, Water board", "Parish council"]


# Their work


def test_profile_lists_contributions_by_role_newest_first(client, section, person):
    for title, role, date in [
        ("Old report", "author", "2020-01-01"),
        ("New report", "author", "2024-01-01"),
        ("Conversation", "interviewee", "2023-01-01"),
        ("Preface", "foreword", "2022-01-01"),
    ]:
        page = factories.ArticlePageFactory(parent=section, title=title, display_date=date)
        factories.ContributionFactory(page=page, person=person, role=role)
    parts = [
        (part.h2.get_text(), [link.get_text() for link in part.select("a.works__title")])
        for part in soup_of(client, person).select("section.part")
    ]
    expected = [("Author 2", ["New report", "Old report"]), ("Interviewee 1", ["Conversation"]), ("Foreword by 1", ["Preface"])]
    assert parts == expected


def test_page_with_two_roles_of_a_person_is_listed_under_both(article, person):
    for role in ("author", "translator"):
        factories.ContributionFactory(page=article, person=person, role=role)
    assert [(work["role"], [page.pk for page in work["pages"]]) for work in works_of(person)] == [
        ("author", [article.pk]),
        ("translator", [article.pk]),
    ]


def test_page_on_which_a_person_has_one_role_twice_counts_once(settings, section, person):
    settings.HUB_LISTING_SIZE = 2
    pages = [factories.ArticlePageFactory(parent=section, display_date=f"2024-01-{day:02}") for day in range(8, 0, -1)]
    for page in pages:
        for name in ("Ada Person", "A. Person"):
            factories.ContributionFactory(page=page, person=person, name=name)
    (work,) = works_of(person)
    assert ([page.pk for page in work["pages"]], work["number"]) == ([page.pk for page in pages[:6]], 8)

    def listed(**query):
        results = profile_of(person, {"role": "author"} | query)["results"]
        return results.paginator.count, [page.pk for page in results]

    assert listed(page="2") == (8, [page.pk for page in pages[2:4]])
    assert listed(since="2024-01-06") == (3, [page.pk for page in pages[:2]])


@pytest.mark.parametrize("change", HIDING.values(), ids=HIDING)
def test_profile_leaves_out_work_that_readers_cannot_see(client, article, person, change):
    factories.ContributionFactory(page=article, person=person)
    assert [work["role"] for work in works_of(person)] == ["author"]
    Page.objects.filter(pk=article.pk).update(**change)
    assert works_of(person) == []
    assert article.title not in client.get(person.url).content.decode()


def test_profile_leaves_out_private_work_and_aliases(home, section, article, person):
    factories.ContributionFactory(page=article, person=person)
    article.create_alias(parent=factories.SectionPageFactory(parent=home))
    assert [len(work["pages"]) for work in works_of(person)] == [1]
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    assert works_of(person) == []


def test_person_without_work_has_no_list(client, person):
    assert works_of(person) == []
    assert soup_of(client, person).select("section.part") == []


def test_biography_and_website_are_shown_as_the_editor_wrote_them(client, people):
    biography = '<p>Keeps <b>dikes</b>. <a href="https://example.org/">More</a></p>'
    person = factories.PersonPageFactory(parent=people, biography=biography, website="https://ada.example/")
    soup = soup_of(client, person)
    links = [link["href"] for link in soup.select("main .sheet a")]
    assert (soup.select_one(".prose b").get_text(), links) == ("dikes", ["https://example.org/", "https://ada.example/"])


# The account


def test_account_is_called_by_its_full_name_or_else_its_user_name():
    assert str(User(username="ada", first_name="Ada", last_name="Person")) == "Ada Person"
    assert str(User(username="ada")) == "ada"


def test_account_whose_user_name_is_an_address_has_a_public_name_without_it():
    assert User(username="ada@readers.example", first_name="Ada").public_name == "Ada"
    assert User(username="ada").public_name == "ada"
    assert User(username="ada@readers.example").public_name == "Signed-in reader"


def test_profile_stays_when_the_account_goes(person, reader):
    person.user = reader
    person.save()
    reader.delete()
    person.refresh_from_db()
    assert (person.user, person.title) == (None, "Ada Person")


def test_account_stays_when_the_profile_goes(person, reader):
    person.user = reader
    person.save()
    person.delete()
    assert User.objects.filter(pk=reader.pk).exists()


def test_account_has_one_profile_at_most(people, person, reader):
    person.user = reader
    person.save()
    second = PersonPage(title="Ben Other", slug="ben-other", user=reader)
    with pytest.raises(ValidationError) as caught:
        people.add_child(instance=second)
    assert caught.value.message_dict == {"user": ["Person with this Account already exists."]}


def test_copy_of_a_profile_can_be_made_though_it_has_an_account(administrator_client, people, person, reader):
    person.user = reader
    person.save()
    data = {
        "new_title": "Ada Copy",
        "new_slug": "ada-copy",
        "new_parent_page": people.pk,
        "copy_subpages": "",
        "publish_copies": "",
    }
    response = administrator_client.post(f"/admin/pages/{person.pk}/copy/", data)
    assert response.status_code == 302
    assert PersonPage.objects.get(slug="ada-copy").user is None
    assert PersonPage.objects.get(pk=person.pk).user == reader


def test_alias_of_a_profile_can_be_made_and_published_though_it_has_an_account(home, people, person, reader):
    person.user = reader
    person.save()
    alias = person.create_alias(update_slug="the-same-person", parent=people)
    person.save_revision().publish()
    alias.refresh_from_db()
    person.refresh_from_db()
    assert (alias.user, person.user) == (None, reader)


def test_account_of_a_person_is_not_told_to_readers(client, people):
    account = factories.UserFactory(username="secret-login", email="secret@readers.example")
    person = factories.PersonPageFactory(parent=people, user=account)
    for page in (person, people):
        html = client.get(page.url).content.decode()
        assert "secret" not in html
