"""Whatever editors do to linked pages, in whatever order: readers see at both ends what a plain recomputation says.

A few histories are made up in every run of the tests; ``make check-links`` makes a thousand longer ones.
"""

import os

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.template.loader import render_to_string
from django.test import override_settings
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from pages.models import ContentPage
from pages.related import related_to
from tests import factories
from tests.pages.histories import HEAD, KIND_ORDER, Histories, Known

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("HUB_LINK_HISTORIES", "25"))
QUICK = EXAMPLES <= 100
PAGES, STEPS = (20, 8) if QUICK else (200, 25)
OTHERS = 10  # of the pages that no step was about, one in so many is compared too, each time others
MAKERS = [
    factories.PublicationPageFactory,
    factories.InterviewPageFactory,
    factories.ArticlePageFactory,
    factories.VideoPageFactory,
    factories.SeriesPageFactory,
]
NO_INDEX = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}

number, yes = st.integers(0, 10_000), st.booleans()
# Most steps are about the first few pages, so that they meet.
page = st.one_of(st.integers(0, 5), number)
STEP = st.one_of(
    st.tuples(st.just("state"), page, page, st.sampled_from(KIND_ORDER), yes, st.sampled_from([True, True, False])),
    st.tuples(st.just("state"), page, st.integers(0, 1), st.sampled_from(KIND_ORDER[:2]), yes, st.just(True)),
    st.tuples(st.just("crowd"), page, st.sampled_from(KIND_ORDER)),
    st.tuples(st.just("withdraw"), page, number, yes),
    st.tuples(st.just("arrange"), page, number, st.none() | st.integers(1, 5), yes, yes, st.sampled_from([True, True, False])),
    st.tuples(st.just("time"), page, st.sampled_from(["", "expired"]), yes),
    st.tuples(st.just("publish_again"), page, number),
    st.tuples(st.just("unpublish"), page),
    st.tuples(st.just("move"), page, number),
    st.tuples(st.just("copy"), page, yes),
    st.tuples(st.just("alias"), page, number),
    st.tuples(st.just("delete"), page),
)


@pytest.fixture
def sections(home):
    made = [factories.SectionPageFactory(parent=home) for _ in range(3)]
    PageViewRestriction.objects.create(page=made[-1], restriction_type="login")
    return made


@pytest.fixture
def known(sections, people) -> list[Known]:
    """Pages of several types in the first section, each on one of two topics and by one of three people."""
    topics = [factories.TopicPageFactory(parent=sections[0]) for _ in range(2)]
    authors = [factories.PersonPageFactory(parent=people) for _ in range(3)]
    made = []
    with override_settings(WAGTAILSEARCH_BACKENDS=NO_INDEX):
        for place in range(PAGES):
            one = MAKERS[place % len(MAKERS)](parent=sections[0])
            topic, author = topics[place % 2], authors[place % 3]
            factories.PageTopicFactory(page=one, topic=topic)
            factories.ContributionFactory(page=one, person=author, name=author.title, role="author")
            type(one).objects.get(pk=one.pk).save_revision()
            made.append(Known(one.pk, one.kind, topic.pk, author.pk))
    return made


def told(known, histories) -> dict:
    """What the product tells readers of one page, in the words of the model."""
    shown = ContentPage.objects.get(pk=known.pk).specific
    related = related_to(shown)
    relations = [(entry.page.pk, entry.link.kind, entry.incoming, entry.wording) for entry in related.relations]
    html = render_to_string("components/related.html", {"related": {"all": related, "topic": None}, "request": None})
    addresses = {link["href"] for link in BeautifulSoup(html, "html.parser").select("ul:not(.related__also) a")}
    return {
        "relations": relations,
        "more": more(related),
        "added": {line.entries[0].page.pk for line in related.automatic},
        "lines": len(related.lines),
        "addresses": addresses,
        "in sets": any(line.whole for line in related.lines),
    }


def more(related) -> dict[str, int]:
    """How many pages are not named: of each kind of the head, whose list the margin leads to, and of all others together."""
    led = {group.url.split("/")[-2]: group.more for group in related.margin if group.more}
    return led | ({"": related.more} if related.more else {})


def expected(known, histories, found) -> dict:
    relations = histories.seen_of(known)
    named = {pk for pk, kind, *_ in relations if kind not in HEAD}
    urls = {page.pk: page.get_url() for page in ContentPage.objects.filter(pk__in=named)}
    suggests = known.kind != "series"
    return {
        "relations": relations,
        "more": histories.more_of(known),
        "added": histories.suggested_to(known, found["lines"]) if suggests else set(),
        "lines": found["lines"],
        "addresses": found["addresses"] if found["in sets"] else {urls[pk] for pk in named},
        "in sets": found["in sets"],
    }


def compared(histories, turn: int) -> list[Known]:
    """What steps were about, and outside of quick runs some of the rest, which links by itself to what changed."""
    touched = histories.touched()
    met = {known.pk for known in touched}
    others = [known for known in histories.pages.values() if known.pk not in met]
    return touched if QUICK else [*touched, *others[turn % OTHERS :: OTHERS]]


def test_readers_see_what_a_plain_recomputation_says_whatever_editors_did(known, sections):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=QUICK,
        suppress_health_check=list(HealthCheck),
        # A few steps are short enough to be read as they are; looking for fewer takes minutes.
        phases=[Phase.explicit, Phase.generate, *([] if QUICK else [Phase.shrink])],
    )
    @example([("crowd", 0, "translation-of")])
    @given(st.lists(STEP, min_size=3, max_size=STEPS))
    def in_any_history(steps):
        with transaction.atomic(), override_settings(WAGTAILSEARCH_BACKENDS=NO_INDEX):
            histories = Histories([Known(one.pk, one.kind, one.topic, one.author) for one in known], sections)
            for name, *arguments in steps:
                getattr(histories, name)(*arguments)
            for one in compared(histories, len(steps)):
                if one.live:
                    found = told(one, histories)
                    assert found == expected(one, histories, found), one
            transaction.set_rollback(True)

    in_any_history()
