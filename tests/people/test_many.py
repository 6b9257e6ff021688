"""Very many keys of rows as one parameter."""

import pytest
from wagtail.models import Page

from people.many import many
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_are_found_by_their_keys_and_by_those_of_others(home, section):
    page = factories.ArticlePageFactory(parent=section)
    factories.PageTopicFactory(page=page, topic=factories.TopicPageFactory(parent=section))
    assert set(Page.objects.filter(pk__in=many([home.pk, section.pk]))) == {
        Page.objects.get(pk=key) for key in (home.pk, section.pk)
    }
    assert page.page_topics.model.objects.filter(page__in=many([page.pk, 10**9])).count() == 1
    assert not page.page_topics.model.objects.exclude(page__in=many([page.pk])).filter(page=page).exists()


@pytest.mark.parametrize("keys", [[], (), set()])
def test_no_keys_find_no_rows(home, keys):
    assert not Page.objects.filter(pk__in=many(keys)).exists()


def test_a_hundred_thousand_keys_are_one_parameter(home):
    query = Page.objects.filter(pk__in=many(range(100_000)))
    assert query.exists()
    assert len(query.query.sql_with_params()[1]) == 1


def test_what_is_no_key_is_refused():
    with pytest.raises(ValueError):
        many(["1) or (1=1"])
