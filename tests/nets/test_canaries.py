"""No secret is in any answer to a passer-by: a site full of planted words, read through at every address there is.

``tests/nets/aviary.py`` plants, this reads. Words in what was asked for do not count: an answer may repeat them.
"""

from dataclasses import dataclass
from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from wagtail.models import PageViewRestriction

from discussion import tokens
from discussion.models import PageComment
from pages import models as pages
from tests.nets import aviary as aviaries
from tests.nets import world as worlds
from tests.nets.canaries import WORD
from tests.nets.urls import rows

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("canaries")]

NUMBERS = range(1, 21)
COMMON_WORDS = ["page", "live", "draft", "comment", "the", "a", "byline", "canary", "stands in two places", "parent"]
# The words of a live page that readers are shown somewhere.
SHOWN_FIELDS = {"title", "summary", "introduction", "body", "biography"}
FORM = {"comment": "I was there.", "name": "G. Uest", "email": "g@readers.example"}


@dataclass(frozen=True)
class Answer:
    """What came back: the words in its body and headers, those of the request left out."""

    request: str
    status: int
    words: frozenset


@pytest.fixture(scope="module")
def aviary(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        built = aviaries.build(pages.HomePage.objects.get())
        built.world = worlds.build(pages.HomePage.objects.get())
        yield built
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def answers(aviary) -> list[Answer]:
    """Every address, read as a passer-by."""
    visitor = worlds.Visitor(Client())
    return [ask(visitor, "GET", path) for path in addresses(aviary)]


def ask(visitor, method, path, data=None) -> Answer:
    response = visitor.ask(method, path, data, headers={"origin": "http://testserver"})
    text = response.body + repr([*response.headers.items(), *response.cookies.items()]).encode()
    asked = f"{path} {data or ''}"
    found = {word.lower() for word in WORD.findall(text)} - {word.lower() for word in WORD.findall(asked.encode())}
    return Answer(f"{method} {asked}".strip(), response.status_code, frozenset(found))


def addresses(aviary) -> list[str]:
    """The whole resolver: in the admin with secrets for arguments, elsewhere with every object there is."""
    every = [*aviary.hidden, *aviary.shown]
    draft = next(page for page in aviary.hidden_of(pages.ArticlePage) if not page.live)
    held = PageComment.objects.pending().first()
    secrets = {"page": draft.pk, "comment": held.pk, "user": aviary.owner.pk, "document": aviary.document.pk}
    asked = [case.path for case in worlds.cases(worlds.World(aviary.world.values | secrets))]
    passwords = PageViewRestriction.objects.filter(restriction_type="password").values_list("pk", flat=True)[:2]
    values = {
        "page": [page.pk for page in every],
        "private page": [page.pk for page in every],
        "page path": [path_of(page).lstrip("/") for page in every],
        "page restriction": list(passwords),
        "number": NUMBERS[:2],
        "document": [aviary.document.pk],
        "document file": [aviary.document.filename, "another.txt"],
        "media file": [aviary.document.file.name],
    }
    for row in rows():
        if not row.is_admin:
            labels = [worlds.label_of(row, name) for name in row.arguments]
            for chosen in product(*(values.get(label, [aviary.world.values.get(label)]) for label in labels)):
                asked.append(row.path(dict(zip(row.arguments, chosen, strict=True))))
    return [*asked, *questions(aviary)]


def path_of(page) -> str:
    return page.get_url_parts()[2]


def questions(aviary) -> list[str]:
    """Addresses with a question: filters, pages of lists, places in a discussion, answers to a comment."""
    home, article = aviary.home, aviary.shown_of(pages.ArticlePage)[0]
    asked = [f"/search/?q={word}" for word in COMMON_WORDS]
    filters = ["page=2", "type=article", "type=chapter", "type=topic", "year=2026"]
    filters += [f"topic={topic.slug}" for topic in [*aviary.hidden_of(pages.TopicPage), *aviary.shown_of(pages.TopicPage)]]
    for page in [home, *aviary.shown_of(pages.SectionPage), *aviary.shown_of(pages.TopicPage)]:
        asked += [f"{path_of(page)}?{chosen}" for chosen in filters]
    asked += [f"/search/?q=live&{chosen}" for chosen in filters]
    for number in NUMBERS:
        asked += [f"/discussion/{article.pk}/{number}/", f"/discussion/{article.pk}/?after={number}"]
        asked += [f"/discussion/{article.pk}/add/?reply_to={number}"]
    return [*asked, "/nowhere/", f"{path_of(article)}nowhere/", "/discussion/999999/", "/discussion/1/"]


def leaks(aviary, found: list[Answer]) -> dict[str, list[str]]:
    """``{where the secret was put: [requests that told it]}``"""
    told = {}
    for answer in found:
        for word in answer.words & set(aviary.canaries.secret):
            told.setdefault(aviary.canaries.secret[word], []).append(answer.request)
    return {place: requests[:3] for place, requests in sorted(told.items())}


def test_x(aviary, answers):
    import collections

    print(len(answers), collections.Counter(a.status for a in answers))
    for k, v in leaks(aviary, answers).items():
        print("LEAK", k, v)
    seen = frozenset().union(*(a.words for a in answers))
    for w, p in aviary.canaries.public.items():
        if w not in seen:
            print("UNSEEN", w, p)
    for a in answers:
        if a.status >= 500:
            print("ERR", a.request)
