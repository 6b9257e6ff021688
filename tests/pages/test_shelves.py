"""Long lists: numbers, years and pages of lists found without walking through what stands before."""

import datetime
import random
import unicodedata

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from discussion.models import Discussion
from pages import shelves
from pages.models import ContentPage, Contribution, PageTopic, TopicPick
from tests import factories
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db

DAYS = [datetime.date(2023, 12, 31), datetime.date(2024, 1, 1), datetime.date(2024, 1, 31), datetime.date(2024, 3, 9)]


def titles(client, address, **query) -> list[str]:
    soup = BeautifulSoup(client.get(address, query).content, "html.parser")
    return [link.get_text() for link in soup.select("main .card__title a")]


def archive(client, address, **query) -> list[tuple]:
    soup = BeautifulSoup(client.get(address, query).content, "html.parser")
    return [(row.a.get_text(), row.span.get_text(), row.a["href"]) for row in soup.select(".archive li")]


def scattered(section, number):
    """Pages of many days and kinds, some of the same day, in no order."""
    chance = random.Random(4)
    makes = [factories.ArticlePageFactory, factories.VideoPageFactory, factories.InterviewPageFactory]
    for place in range(number):
        day = datetime.date(2022, 1, 1) + datetime.timedelta(days=chance.randrange(700))
        makes[place % 3](parent=section, title=f"Page {place:02}", display_date=day)


def keys(stretch, start: int, stop: int) -> list[int]:
    return [page.pk for page in stretch.cards(start, stop)]


# The pages of a list


def test_every_page_of_a_list_over_many_months_is_where_a_plain_count_would_have_it(section):
    scattered(section, 40)
    stretch = shelves.Stretch(shelves.everything("article", "video", "interview"))
    expected = list(ContentPage.objects.listed().newest_first().values_list("pk", flat=True))
    assert stretch.number == 40
    for start in range(0, 45, 5):
        assert keys(stretch, start, start + 5) == expected[start : start + 5]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ((2022, 1, 1), (2024, 1, 1)),
        ((2022, 3, 15), (2022, 9, 2)),
        ((2023, 2, 28), (9999, 12, 31)),
        ((2022, 5, 5), (2022, 5, 6)),
        ((2024, 1, 1), (2022, 1, 1)),
    ],
)
def test_stretch_between_days_holds_what_a_plain_filter_finds(section, since, until):
    scattered(section, 40)
    since, until = datetime.date(*since), datetime.date(*until)
    stretch = shelves.Stretch(shelves.everything("article", "video"), ("video",), since, until)
    plain = ContentPage.objects.of_kind("video").filter(display_date__gte=since, display_date__lt=until).newest_first()
    expected = list(plain.values_list("pk", flat=True))
    assert (stretch.number, keys(stretch, 0, 50)) == (len(expected), expected)


def test_a_tally_that_is_kept_decides_numbers_and_never_what_is_shown(client, section, monkeypatch):
    monkeypatch.setattr(shelves, "COUNTED_AT_EACH_VIEW", 2)
    made = [factories.ArticlePageFactory(parent=section, title=f"Page {n}", display_date=DAYS[n]) for n in range(4)]
    assert titles(client, section.url) == ["Page 3", "Page 2", "Page 1", "Page 0"]
    Page.objects.filter(pk=made[2].pk).update(live=False)
    factories.ArticlePageFactory(parent=section, title="Brand new")
    assert titles(client, section.url) == ["Brand new", "Page 3", "Page 1", "Page 0"]
    assert client.get(section.url).context["results"].paginator.count == 4


def test_few_pages_are_counted_at_each_view(client, section):
    factories.ArticlePageFactory(parent=section)
    assert client.get(section.url).context["results"].paginator.count == 1
    factories.ArticlePageFactory(parent=section)
    assert client.get(section.url).context["results"].paginator.count == 2


def test_page_400_is_found_within_its_month(section):
    """The offset is that within the month, whatever stands before it."""
    for day in DAYS[:3]:
        for _ in range(3):
            factories.ArticlePageFactory(parent=section, display_date=day)
    stretch = shelves.Stretch(shelves.everything("article"))
    assert stretch.months == [(datetime.date(2024, 1, 1), 6), (datetime.date(2023, 12, 1), 3)]
    with CaptureQueriesContext(connection) as queries:
        assert len(keys(stretch, 6, 8)) == 2
    assert "OFFSET" not in queries[-1]["sql"]
    assert "2024-01-01" in queries[-1]["sql"]


# What rows carry of their page


def carried(page) -> set:
    return {
        *PageTopic.objects.filter(page_id=page.pk).values_list("kind", "display_date"),
        *Contribution.objects.filter(page_id=page.pk).values_list("kind", "display_date"),
    }


@pytest.fixture
def tied(article, person, section):
    """An article with a topic and a contributor, dated in March 2024."""
    article.display_date = DAYS[3]
    article.save()
    factories.PageTopicFactory(page=article, topic=factories.TopicPageFactory(parent=section))
    factories.ContributionFactory(page=article, person=person)
    return article


def test_rows_follow_the_date_of_their_page(tied):
    assert carried(tied) == {("article", DAYS[3])}
    tied.display_date = DAYS[0]
    tied.save()
    assert carried(tied) == {("article", DAYS[0])}


def test_draft_with_another_date_changes_no_row_until_it_is_published(tied):
    tied.display_date = DAYS[0]
    revision = tied.save_revision()
    assert carried(tied) == {("article", DAYS[3])}
    revision.publish()
    assert carried(tied) == {("article", DAYS[0])}


def test_rows_written_at_once_copied_and_of_an_alias_carry_what_they_should(home, tied):
    other = factories.VideoPageFactory(parent=tied.get_parent().specific, display_date=DAYS[1])
    topic = tied.page_topics.get().topic
    PageTopic.objects.bulk_create([PageTopic(page_id=other.pk, topic=topic)])
    assert carried(other) == {("video", DAYS[1])}
    elsewhere = factories.SectionPageFactory(parent=home)
    assert (
        carried(tied.copy(to=elsewhere, update_attrs={"slug": "copy"}))
        == carried(tied.create_alias(parent=elsewhere))
        == {("article", DAYS[3])}
    )


# By year, by month, since


@pytest.fixture
def dated(section):
    for place, day in enumerate(DAYS):
        factories.ArticlePageFactory(parent=section, title=f"Article {place}", display_date=day)
    factories.VideoPageFactory(parent=section, title="Film", display_date=DAYS[3])
    return section


def test_archive_counts_years_and_the_months_of_the_year_that_is_chosen(client, dated):
    years = [("2024", "4", "?year=2024"), ("2023", "1", "?year=2023")]
    assert archive(client, dated.url) == years
    months = [("March", "2", "?year=2024&month=3"), ("January", "2", "?year=2024&month=1")]
    assert archive(client, dated.url, year="2024") == [*years, *months]


def test_archive_keeps_the_type_and_leaves_the_day(client, dated):
    expected = [("2024", "3", "?type=article&year=2024"), ("2023", "1", "?type=article&year=2023")]
    assert archive(client, dated.url, type="article", since="2024-01-15") == expected


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"year": "2024", "month": "1"}, ["Article 2", "Article 1"]),
        ({"year": "2023", "month": "12"}, ["Article 0"]),
        ({"year": "2024", "month": "13"}, ["Film", "Article 3", "Article 2", "Article 1"]),
        ({"month": "1"}, ["Film", "Article 3", "Article 2", "Article 1", "Article 0"]),
        ({"since": "2024-01-31"}, ["Film", "Article 3", "Article 2"]),
        ({"since": "2024-01-31", "type": "article"}, ["Article 3", "Article 2"]),
        ({"since": "2024-02-30"}, ["Film", "Article 3", "Article 2", "Article 1", "Article 0"]),
        ({"since": "2999-01-01"}, []),
        ({"since": "2024-02-01", "year": "2023"}, []),
    ],
)
def test_section_is_narrowed_to_a_month_and_to_what_is_new_since_a_day(client, dated, query, shown):
    response = client.get(dated.url, query)
    assert titles(client, dated.url, **query) == shown
    assert response.context["results"].paginator.count == len(shown)


def test_list_says_since_when_and_its_form_keeps_the_day(client, dated):
    factories.ArticlePageFactory(parent=dated, display_date=DAYS[0])
    factories.ArticlePageFactory(parent=dated, display_date=DAYS[0])
    soup = BeautifulSoup(client.get(dated.url, {"since": "2024-01-31"}).content, "html.parser")
    assert soup.select_one(".count").get_text() == "3 pages since 31 January 2024, newest first"
    assert soup.select_one("input[name=since]")["value"] == "2024-01-31"


# Topics


@pytest.fixture
def topic(home):
    return factories.TopicPageFactory(parent=home, title="Floods", slug="floods")


def under(topic, page):
    factories.PageTopicFactory(page=page, topic=topic)
    return page


def test_topic_begins_with_what_the_editors_chose_and_repeats_none_of_it(client, section, topic):
    made = [under(topic, factories.ArticlePageFactory(parent=section, title=f"Page {n}", display_date=DAYS[n])) for n in range(4)]
    elsewhere = factories.VideoPageFactory(parent=section, title="Of another topic")
    for place, page in enumerate([made[1], elsewhere]):
        TopicPick.objects.create(topic=topic, page=page, sort_order=place)
    context = client.get(topic.url).context
    assert [page.title for page in context["picks"]] == ["Page 1", "Of another topic"]
    (group,) = context["by_kind"]
    assert ([page.title for page in group["pages"]], group["number"], group["more"]) == (["Page 3", "Page 2", "Page 0"], 4, False)


@pytest.mark.parametrize("change", [{"live": False}, {"go_live_at": "2999-01-01T00:00Z"}, {"expire_at": "2001-01-01T00:00Z"}])
def test_topic_leaves_out_choices_and_people_that_readers_cannot_see(client, section, topic, person, change):
    page = under(topic, factories.ArticlePageFactory(parent=section, title="The choice"))
    TopicPick.objects.create(topic=topic, page=page)
    factories.ContributionFactory(page=page, person=person)
    assert {"The choice", "Ada Person"} <= set(client.get(topic.url).content.decode().replace("<", ">").split(">"))
    Page.objects.filter(pk=page.pk).update(**change)
    html = client.get(topic.url).content.decode()
    assert [words for words in ("The choice", "Ada Person", "Begin here") if words in html] == []


def test_choices_of_a_topic_are_shown_in_preview_as_the_draft_has_them(administrator_client, section, topic):
    page = factories.ArticlePageFactory(parent=section, title="Of the draft")
    TopicPick.objects.create(topic=topic, page=page)
    topic.save_revision()
    TopicPick.objects.all().delete()
    response = administrator_client.get(f"/admin/pages/{topic.pk}/view_draft/")
    assert [pick.title for pick in response.context["picks"]] == ["Of the draft"]


def test_topic_names_those_who_contributed_most_first(client, section, people, topic):
    names = ["Once", "Twice", "Never here"]
    persons = [factories.PersonPageFactory(parent=people, title=name) for name in names]
    for number in (0, 1):
        page = under(topic, factories.ArticlePageFactory(parent=section))
        factories.ContributionFactory(page=page, person=persons[1], role="author")
        factories.ContributionFactory(page=page, person=persons[1], role="editor")
        if number:
            factories.ContributionFactory(page=page, person=persons[0], role="author")
    factories.ContributionFactory(page=factories.ArticlePageFactory(parent=section), person=persons[2])
    found = client.get(topic.url).context["people"]
    assert [(person.title, person.pieces) for person in found] == [("Twice", 2), ("Once", 1)]


def test_topic_shows_what_was_said_last_one_comment_for_each_page(client, section, topic):
    first, second, other = (factories.ArticlePageFactory(parent=section, title=title) for title in ("First", "Second", "Other"))
    under(topic, first), under(topic, second)
    for page, words in [(first, "One"), (other, "Elsewhere"), (second, "Two"), (first, "Three")]:
        factories.comment(page, text=words)
    factories.comment(second, text="Held", state="pending")
    soup = BeautifulSoup(client.get(topic.url).content, "html.parser")
    assert [link.get_text() for link in soup.select(".recent__words a")] == ["Three", "Two"]
    assert client.get(soup.select_one(".recent__words a")["href"]).status_code == 302


def test_words_on_a_topic_stay_on_their_line(client, section, topic):
    factories.comment(under(topic, factories.ArticlePageFactory(parent=section)), text="\u202eZ" + "\u0301" * 400 + "algo")
    soup = BeautifulSoup(client.get(topic.url).content, "html.parser")
    assert unicodedata.normalize("NFD", soup.select_one(".recent__words a").get_text()) == "Z" + "\u0301" * 6 + "algo"


def test_topic_is_silent_on_discussions_that_readers_cannot_see(client, section, topic):
    hidden, off, private = (under(topic, factories.ArticlePageFactory(parent=section)) for _ in range(3))
    for page in (hidden, off, private):
        factories.comment(page, text="Not for you")
    Page.objects.filter(pk=hidden.pk).update(live=False)
    ContentPage.objects.filter(pk=off.pk).update(discussion_mode="off")
    PageViewRestriction.objects.create(page=private.page_ptr, restriction_type="login")
    assert "Not for you" not in client.get(topic.url).content.decode()


def test_topic_leaves_out_a_comment_whose_page_has_lost_the_row_of_its_discussion(client, section, topic):
    whole, broken = (under(topic, factories.ArticlePageFactory(parent=section)) for _ in range(2))
    factories.comment(whole, text="Kept")
    factories.comment(broken, text="Adrift")
    Discussion.objects.filter(page=broken).delete()
    soup = BeautifulSoup(client.get(topic.url).content, "html.parser")
    assert [link.get_text() for link in soup.select(".recent__words a")] == ["Kept"]


def test_alias_of_a_topic_or_a_profile_shows_what_its_source_gathers(client, home, people, section, topic, person):
    page = under(topic, factories.ArticlePageFactory(parent=section, title="Of the source"))
    factories.ContributionFactory(page=page, person=person)
    elsewhere = factories.SectionPageFactory(parent=home)
    for alias in (topic.create_alias(parent=elsewhere), person.create_alias(parent=people, update_slug="again")):
        assert "Of the source" in client.get(alias.url).content.decode()


def test_topic_that_shares_its_slug_shows_a_page_of_both_once(client, home, section, topic):
    second = factories.TopicPageFactory(parent=section, title="Floods too", slug="floods")
    page = factories.ArticlePageFactory(parent=section, title="Of both")
    under(topic, page), under(second, page)
    assert titles(client, section.url, topic="floods") == ["Of both"]


def test_topic_costs_the_same_number_of_queries_with_8_pages_of_a_kind_as_with_20(client, section, people, topic):
    def cost_with(number):
        for _ in range(number):
            for make in (factories.ArticlePageFactory, factories.VideoPageFactory):
                page = under(topic, make(parent=section))
                factories.ContributionFactory(page=page, person=factories.PersonPageFactory(parent=people))
        return queries_of(client, topic.url)

    assert cost_with(4) == cost_with(6)


def test_whole_topic_costs_seventeen_queries_and_one_more_where_it_is_discussed(client, section, people):
    """Two of them, sites and the tally of months, are kept where there is much. Pictures and links in its text come to these."""
    topic = factories.TopicPageFactory(parent=section)
    series, other = factories.SeriesPageFactory(parent=section), factories.TopicPageFactory(parent=section)
    for number in range(3):
        page = under(topic, factories.ArticlePageFactory(parent=section))
        factories.ContributionFactory(page=page, person=factories.PersonPageFactory(parent=people))
        factories.SeriesItemFactory(series=series, page=page)
        factories.ContentLinkFactory(source=page, target=topic), factories.ContentLinkFactory(source=topic, target=page)
        factories.comment(page, text=f"Comment {number}")
    TopicPick.objects.create(topic=topic, page=page)
    factories.SeriesItemFactory(series=series, page=topic), factories.ContentLinkFactory(source=topic, target=other)
    assert queries_of(client, topic.url) == 17
    factories.comment(topic)
    assert queries_of(client, topic.url) == 18


def test_list_of_a_topic_costs_the_same_number_of_queries_as_the_whole_list(client, section, topic):
    for _ in range(8):
        under(topic, factories.ArticlePageFactory(parent=section))
    assert queries_of(client, f"{section.url}?topic=floods") == queries_of(client, section.url)


def test_section_costs_the_same_number_of_queries_on_its_first_page_as_on_its_last(client, section):
    scattered(section, 30)
    assert queries_of(client, section.url) == queries_of(client, f"{section.url}?page=3")


# Series


def places(client, address) -> dict:
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    rows = {card.select_one(".card__title").get_text(): card.select(".card__when span") for card in soup.select("main .card")}
    return {title: spans[1].get_text() for title, spans in rows.items() if len(spans) > 1}


def test_cards_say_which_part_of_a_series_they_are_and_drafts_do_not_count(client, home, section):
    made = [factories.ArticlePageFactory(parent=section, title=f"Page {n}") for n in range(5)]
    series = factories.SeriesPageFactory(parent=home, title="The set")
    for place, page in enumerate(made[:4]):
        factories.SeriesItemFactory(series=series, page=page, sort_order=place)
    Page.objects.filter(pk=made[1].pk).update(live=False)
    expected = {"Page 0": "Part 1 of 3 of “The set”", "Page 2": "Part 2 of 3 of “The set”", "Page 3": "Part 3 of 3 of “The set”"}
    assert places(client, section.url) == expected
    Page.objects.filter(pk=series.pk).update(live=False)
    assert places(client, section.url) == {}


def test_page_costs_the_same_number_of_queries_in_2_series_as_in_1_however_long(client, home, section):
    page = factories.ArticlePageFactory(parent=section)

    def cost_with(parts):
        series = factories.SeriesPageFactory(parent=home)
        factories.SeriesItemFactory(series=series, page=page, sort_order=0)
        for place in range(parts):
            factories.SeriesItemFactory(series=series, page=factories.ArticlePageFactory(parent=section), sort_order=place)
        return queries_of(client, page.url)

    assert cost_with(2) == cost_with(12)
