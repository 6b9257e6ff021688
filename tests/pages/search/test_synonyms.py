"""Words that mean the same: what the search is told of them, and how administrators say so."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pages.models import SearchSynonym, SearchSynonymWord
from pages.search.analysis import words
from pages.search.phrases import LONGEST
from pages.search.synonyms import alternatives

pytestmark = pytest.mark.django_db


def url(name, *arguments):
    return reverse(SearchSynonym.snippet_viewset.get_url_name(name), args=arguments)


def said(search: str) -> dict[str, list[str]]:
    """What ``search`` may be called otherwise, with the words put together."""
    found = alternatives(words(search))
    return {" ".join(run): sorted(" ".join(other) for other in others) for run, others in found.items()}


@pytest.fixture
def service():
    return SearchSynonym.objects.create(words="NHS\nNational Health Service\nhealth service")


def test_each_word_of_a_group_leads_to_the_others(service):
    assert said("nhs") == {"nhs": ["health service", "national health service"]}
    assert said("waiting lists of the NHS in 2024") == {"nhs": ["health service", "national health service"]}


def test_phrase_is_found_within_a_search_and_the_phrase_within_it_too(service):
    assert said("the National Health Service today") == {
        "national health service": ["health service", "nhs"],
        "health service": ["national health service", "nhs"],
    }


def test_alternatives_are_tuples_of_words_in_the_order_of_the_group(service):
    assert alternatives(["nhs"]) == {("nhs",): [("national", "health", "service"), ("health", "service")]}


def test_one_way_leads_there_and_not_back():
    SearchSynonym.objects.create(words="food bank", found_by="hunger, soup kitchen")
    assert said("hunger in winter") == {"hunger": ["food bank"]}
    assert said("food bank") == {}


def test_word_may_lead_to_several_groups_one_way(service):
    SearchSynonym.objects.create(words="food bank\nfood pantry", found_by="hunger")
    SearchSynonym.objects.create(words="nutrition", found_by="hunger\nNHS")
    assert said("hunger") == {"hunger": ["food bank", "food pantry", "nutrition"]}
    assert said("nhs") == {"nhs": ["health service", "national health service", "nutrition"]}


@pytest.mark.parametrize("search", ["N.H.S", "unhs", "national service", "", "—"])
def test_other_words_lead_nowhere(service, search):
    assert said(search) == {}


@pytest.mark.parametrize("search", ["ÉLÉVATION", "elevation", "Élévation!"])
def test_capitals_accents_and_signs_do_not_count(search):
    SearchSynonym.objects.create(words="Élévation, height")
    assert said(search) == {"elevation": ["height"]}


def test_group_that_is_changed_or_deleted_says_nothing_of_what_it_was(service):
    service.words = "NHS\nhospitals"
    service.save()
    assert said("nhs health service") == {"nhs": ["hospitals"]}
    service.delete()
    assert said("nhs") == {}


def test_search_costs_one_query_however_many_groups_there_are(service, django_assert_num_queries):
    groups = SearchSynonym.objects.bulk_create(SearchSynonym(words=f"word{n}\nother{n}") for n in range(300))
    rows = [SearchSynonymWord(group=group, folded=word) for group in groups for word in group.words.splitlines()]
    SearchSynonymWord.objects.bulk_create(rows)
    with django_assert_num_queries(1):
        assert len(said(" ".join(f"word{n}" for n in range(10)))) == 10
    with django_assert_num_queries(0):
        assert alternatives([]) == {}


def test_very_long_search_is_looked_at_in_its_first_words(service):
    with CaptureQueriesContext(connection) as queries:
        assert said("nhs " * 100) == {"nhs": ["health service", "national health service"]}
    assert len(queries) == 1


def post(client, words_said, found_by="", *key):
    answer = client.post(url("edit" if key else "add", *key), {"words": words_said, "found_by": found_by})
    return {} if answer.status_code == 302 else dict(answer.context["form"].errors)


TOO_LONG = " ".join(["long"] * (LONGEST + 1))
WIDE = " ".join(["a" * 60] * 4)
# What is written in the two fields, and what is said at which of them.
REFUSED = [
    ("", "", {"words": ["This field is required."]}),
    ("rain", "", {"words": ["Give at least two, or one and what it is also found by."]}),
    ("rain, Rain", "", {"words": ["“Rain” is the same as “rain”: capitals, accents and signs do not count."]}),
    ("rain\nrain", "", {"words": ["“rain” is there twice."]}),
    ("rain", "RAIN", {"found_by": ["“RAIN” is the same as “rain”: capitals, accents and signs do not count."]}),
    ("rain, —", "", {"words": ["“—” holds no letters or digits."]}),
    ("rain, showers", "?", {"found_by": ["“?” holds no letters or digits."]}),
    (f"rain, {TOO_LONG}", "", {"words": [f"“{TOO_LONG}” is too long: at most {LONGEST} words and 200 letters."]}),
    (f"rain, {WIDE}", "", {"words": [f"“{WIDE[:79]}…” is too long: at most {LONGEST} words and 200 letters."]}),
    ("\n".join(f"word{n}" for n in range(51)), "", {"words": ["These are 51; at most 50 can be given."]}),
    (
        "hospitals, nhs, Health Service",
        "",
        {
            "words": [
                f"“{word}” is in the group “NHS, National Health Service, health service” already: add the others there."
                for word in ("nhs", "Health Service")
            ]
        },
    ),
]


@pytest.mark.parametrize(("same", "found_by", "errors"), REFUSED)
def test_what_is_wrong_is_said_at_its_field(administrator_client, service, same, found_by, errors):
    assert post(administrator_client, same, found_by) == errors
    assert SearchSynonym.objects.count() == 1


def test_group_is_written_with_commas_or_lines_and_kept_one_a_line(administrator_client):
    assert post(administrator_client, " rain ,  heavy   showers\r\n\r\ndrizzle,", "wet, weather") == {}
    group = SearchSynonym.objects.get()
    assert (group.words, group.found_by) == ("rain\nheavy showers\ndrizzle", "wet\nweather")
    assert str(group) == "rain, heavy showers, drizzle"


def test_group_is_not_in_its_own_way_when_it_is_saved_again(administrator_client, service):
    assert post(administrator_client, "NHS, hospitals", "", service.pk) == {}
    assert said("nhs") == {"nhs": ["hospitals"]}


def test_word_of_another_group_may_lead_one_way(administrator_client, service):
    assert post(administrator_client, "hospitals", "NHS") == {}
    assert said("nhs") == {"nhs": ["health service", "hospitals", "national health service"]}


def test_form_begins_with_the_words_that_the_address_says(administrator_client):
    html = administrator_client.get(url("add") + "?words=a%00+search%3Cb%3E").content.decode()
    assert BeautifulSoup(html, "html.parser").find("textarea", {"name": "words"}).text.strip() == "a search<b>"


def test_list_costs_the_same_for_two_and_for_twelve(administrator_client):
    def cost(count):
        while SearchSynonym.objects.count() < count:
            SearchSynonym.objects.create(words=f"word{SearchSynonym.objects.count()}\nother", found_by="more")
            SearchSynonymWord.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert administrator_client.get(url("list")).status_code == 200
        return len(queries)

    cost(1)
    assert cost(2) == cost(12)


def test_many_are_deleted_only_by_who_may(administrator_client, editor_client, service):
    address = f"/admin/bulk/pages/searchsynonym/delete/?id={service.pk}"
    assert editor_client.post(address).status_code in {302, 403}
    assert SearchSynonym.objects.exists()
    administrator_client.post(address)
    assert not SearchSynonymWord.objects.exists()
