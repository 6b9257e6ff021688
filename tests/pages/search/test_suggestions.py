"""The search form, with what the script needs to propose pages and no more."""

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.django_db


def test_every_search_form_says_where_suggestions_are_and_works_without(client, home):
    html = BeautifulSoup(client.get("/search/?q=warm").content.decode(), "html.parser")
    forms = html.select("form[role=search]")
    assert [form.find("input")["id"] for form in forms] == ["masthead-search", "page-search"]
    for form in forms:
        assert (form["action"], form.get("method", "get")) == ("/search/", "get")
        assert form["data-suggest"] == "/search/suggestions/"
        assert form["data-suggest-label"] == "Suggestions"
        assert form["data-suggest-count"] == "Suggestions:"
        assert form.find("input").get("role") is None
        assert form.find(attrs={"style": True}) is None
