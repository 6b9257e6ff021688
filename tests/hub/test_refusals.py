"""Requests that cannot be read are refused in words, on a page that asks nothing of the request."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from pages.models import SearchSynonym

pytestmark = pytest.mark.django_db


def says_what_to_do(answer) -> bool:
    soup = BeautifulSoup(answer.content, "html.parser")
    return soup.h1.get_text() == "This could not be read" and "your text should still be in the form" in soup.main.get_text()


def test_more_than_is_taken_at_once_is_refused_in_words(client, settings, article):
    answer = client.post(f"/discussion/{article.pk}/add/", {"comment": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert answer.status_code == 400
    assert says_what_to_do(answer)


def test_more_fields_than_are_taken_at_once_are_refused_in_words(client, settings, article):
    fields = {f"field-{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    answer = client.post(f"/discussion/{article.pk}/add/", fields)
    assert answer.status_code == 400
    assert says_what_to_do(answer)


LISTS = [
    "wagtailsnippets_discussion_cannedreply:list_results",
    "wagtailsnippets_pages_searchsynonym:list",
    "wagtailusers_users:index",
]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("words", ["*" * 65_536, "_" * 60_000, "漢" * 30_000])
def test_list_of_the_admin_looks_for_words_of_any_length(administrator_client, name, words):
    SearchSynonym.objects.create(words="flood", found_by="water")  # of an empty table nothing is compared
    answer = administrator_client.get(reverse(name), {"q": words})
    assert answer.status_code == 200


def test_host_that_is_not_ours_is_refused_without_a_fault(client, settings, article):
    settings.ALLOWED_HOSTS = ["hub.example"]
    answer = client.get(article.url, headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert says_what_to_do(answer)


def test_the_page_speaks_the_language_of_the_site(client, settings):
    settings.ALLOWED_HOSTS, settings.LANGUAGE_CODE = ["hub.example"], "ar"
    html = BeautifulSoup(client.get("/", headers={"host": "elsewhere.example"}).content, "html.parser").html
    assert (html["lang"], html["dir"]) == ("ar", "rtl")
