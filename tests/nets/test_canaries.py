"""No secret is in any answer to a passer-by: a site full of planted words, read through at every address there is.

``tests/nets/aviary.py`` plants, this reads. Words in what was asked for do not count: an answer may repeat them.
"""

import string
from dataclasses import dataclass
from itertools import product

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction, get_page_models

from discussion import tokens
from discussion.announcing import TIME_TO_UNDO, announce
from discussion.models import OutgoingMail, PageComment, Subscription
from discussion.outbox import send_due
from discussion.posting import post_comment
from discussion.transitions import decide
from pages import models as pages
from pages.feeds import FOLLOWED
from people.models import PersonPage
from tests import factories
from tests.nets import aviary as aviaries
from tests.nets import world as worlds
from tests.nets.canaries import PUBLIC, SECRET, WORD
from tests.nets.urls import rows

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("canaries")]

NUMBERS = range(1, 21)
COMMON_WORDS = [PUBLIC, "page", "draft", "the", "a", "byline", "stands in two places"]
# Words of a live page that readers are shown somewhere, those of a comment too.
SHOWN = {"title", "summary", "introduction", "body", "biography", "transcript", "comment", "commenter's"}
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
        home = pages.HomePage.objects.get()
        built = aviaries.build(home)
        built.world = worlds.build(home)
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
    passwords = PageViewRestriction.objects.filter(restriction_type="password").values_list("pk", flat=True)[:1]
    values = {
        "page": [page.pk for page in every if isinstance(page, pages.ContentPage)],
        "linkable": [page.pk for page in every if isinstance(page, (pages.ContentPage, pages.SectionPage, PersonPage))],
        "followed": [page.pk for page in every if isinstance(page, FOLLOWED)],
        "private page": [page.pk for page in every if isinstance(page, (pages.ArticlePage, pages.StandardPage, PersonPage))],
        "page path": [path_of(page).lstrip("/") for page in every],
        "page restriction": list(passwords),
        "number": NUMBERS[:1],
        "link kind": ["related-to", "part-of"],
        "document": [aviary.document.pk],
        "document file": [aviary.document.filename, "another.txt"],
        "media file": [aviary.document.file.name, aviary.upload.file.name],
    }
    for row in rows():
        if not row.is_admin:
            labels = [worlds.label_of(row, name) for name in row.arguments]
            for chosen in product(*(values.get(label, [aviary.world.values.get(label)]) for label in labels)):
                asked.append(row.path(dict(zip(row.arguments, chosen, strict=True))))
    return [*asked, *questions(aviary)]


def path_of(page) -> str:
    parts = page.get_url_parts()
    return parts[2] if parts else page.url_path  # which no site has


def questions(aviary) -> list[str]:
    """Addresses with a question: filters, pages of lists, places in a discussion, answers to a comment."""
    home, article = aviary.home, aviary.shown_of(pages.ArticlePage)[0]
    asked = [f"/search/{place}?q={word}" for word in COMMON_WORDS for place in ("", "comments/", "suggestions/")]
    asked += [f"/search/suggestions/?q={letter}" for letter in string.ascii_lowercase]
    for page in [home, *aviary.shown_of(pages.SectionPage), *aviary.shown_of(pages.TopicPage)]:
        asked += [f"{path_of(page)}?{chosen}" for chosen in ["page=2", *filters(aviary)]]
    asked += [f"/search/?q={PUBLIC}&{chosen}" for chosen in ["page=2", *filters(aviary)]]
    paths = [page.pk for page in [*aviary.shown_of(pages.PathPage), *aviary.hidden_of(pages.PathPage)]]
    asked += [f"{path_of(page)}?path={path}&step=2" for page in aviary.shown for path in paths]
    asked += [f"{path_of(person)}?role=author&page={n}" for person in aviary.shown_of(PersonPage) for n in (1, 2)]
    asked += [f"/linked/{page.pk}/?page=2" for page in aviary.shown_of(pages.ContentPage)]
    for number in NUMBERS:
        asked += [f"/discussion/{article.pk}/{number}/", f"/discussion/{article.pk}/{number}/replies/"]
        asked += [f"/discussion/{article.pk}/?{order}after={number}" for order in ("", "order=newest&")]
        asked += [f"/discussion/{article.pk}/add/?reply_to={number}"]
    return [*asked, "/nowhere/", f"{path_of(article)}nowhere/", "/discussion/999999/", "/discussion/1/"]


def filters(aviary) -> list[str]:
    topics = [*aviary.hidden_of(pages.TopicPage)[:2], *aviary.shown_of(pages.TopicPage)]
    return [
        "type=article",
        "type=chapter",
        "type=topic",
        "year=2026",
        "since=2000-01-01",
        *(f"topic={topic.slug}" for topic in topics),
        *(f"person={person.slug}" for person in [*aviary.hidden_of(PersonPage)[:2], *aviary.shown_of(PersonPage)]),
        "format=pdf",
        "discussion=yes",
        "sort=date",
    ]


def leaks(aviary, found: list[Answer]) -> dict[str, list[str]]:
    """``{where the secret was put: [requests that told it]}``"""
    told = {}
    for answer in found:
        for word in answer.words & set(aviary.canaries.secret):
            told.setdefault(aviary.canaries.secret[word], []).append(answer.request)
    return {place: requests[:3] for place, requests in sorted(told.items())}


def test_every_page_type_is_hidden_in_every_way_and_shown_once(aviary):
    planted = {type(page) for page in aviary.hidden}

    assert planted == set(get_page_models()) - set(aviaries.NOT_HIDDEN)
    assert planted == {type(page) for page in aviary.shown}


def test_no_answer_to_a_passer_by_holds_a_secret(aviary, answers):
    assert leaks(aviary, answers) == {}


def test_no_answer_is_an_error(answers):
    assert [answer.request for answer in answers if answer.status >= 500] == []


def test_what_is_public_is_found_by_the_same_reading(aviary, answers):
    read = frozenset().union(*(answer.words for answer in answers))
    wanted = {word: place for word, place in aviary.canaries.public.items() if place.split()[0] in SHOWN}

    assert {place for word, place in wanted.items() if word not in read} == set()
    assert {place.split()[0] for place in wanted.values()} == SHOWN


@pytest.mark.parametrize("place", ["title", "summary", "body"])
def test_search_and_feed_tell_what_is_public(aviary, place):
    visitor = worlds.Visitor(Client())
    word = next(word for word, told in aviary.canaries.public.items() if told == f"{place} of a live page (ArticlePage)")
    slug = aviary.shown_of(pages.ArticlePage)[0].slug.encode()

    assert slug in visitor.ask("GET", f"/search/?q={word.decode()}").body
    assert slug in visitor.ask("GET", f"/search/?q={PUBLIC}+{word.decode()}").body
    assert slug in visitor.ask("GET", "/feed/").body


def test_search_answers_the_word_of_all_secrets_as_it_answers_nonsense(aviary):
    visitor = worlds.Visitor(Client())

    def found(word, chosen):
        return visitor.ask("GET", f"/search/?q={word}{chosen}").body.replace(word.encode(), b"*")

    for chosen in ["", "&page=2", *(f"&{chosen}" for chosen in filters(aviary))]:
        assert found(SECRET, chosen) == found("wheatearling", chosen)
        assert found(SECRET[:8], chosen) == found("wheatear", chosen)


def test_a_form_sent_to_a_hidden_page_tells_nothing_and_stores_nothing(aviary):
    visitor = worlds.Visitor(Client())
    hidden = aviary.hidden_of(pages.ContentPage)
    stored = PageComment.objects.count()

    found = [
        ask(visitor, "POST", f"/discussion/{page.pk}/add/", FORM | {"token": tokens.issue_token(page.pk)}) for page in hidden
    ]

    assert [answer.status for answer in found] == [404] * len(hidden)
    assert leaks(aviary, found) == {}
    assert PageComment.objects.count() == stored


def test_a_reply_to_what_is_not_seen_tells_nothing(aviary):
    """The preview comes back without the comment that was to be answered, whether it is hidden or was never there."""
    visitor = worlds.Visitor(Client())
    article = aviary.shown_of(pages.ArticlePage)[0]

    found = [
        ask(
            visitor,
            "POST",
            f"/discussion/{article.pk}/add/",
            FORM | {"reply_to": number, "token": tokens.issue_token(article.pk)},
        )
        for number in NUMBERS
    ]

    assert {answer.status for answer in found} == {200, 302}
    assert leaks(aviary, found) == {}


# Mails

TO_READERS = set(OutgoingMail.Kind) - {OutgoingMail.Kind.ALERT}  # which goes to moderators, who see more


def note_mails(page, hide) -> None:
    """Every kind of mail to a reader about ``page``, as if noted while everybody saw it."""
    secret, moderator = {"text": hide("a comment of which mails speak")}, factories.UserFactory()
    holds, asked = (
        Subscription.objects.create(
            page=page, scope=scope, email=f"f{page.pk}@a.example", person_key=f"f{page.pk}", confirmed_at=confirmed_at
        )
        for scope, confirmed_at in (("page", timezone.now()), ("replies", None))
    )
    told = factories.comment(page, **secret)
    refused = factories.comment(page, state="pending", **secret)
    decide([refused.pk], "rejected", by=moderator, reason=hide("a reason, for moderators"), message="Kindly put it otherwise.")
    post_comment(page, factories.submission(email=f"c{page.pk}@a.example", **secret), hold=True, confirm=True)
    decided = {"comment": refused, "decision": refused.decisions.get()}
    causes = {
        "subscribe": {"subscription": asked},
        "new": {"subscription": holds, "comment": told},
        "reply": {"subscription": holds, "comment": told},
        "decided": {"subscription": holds, **decided},
        "message": decided,
    }
    OutgoingMail.objects.bulk_create(
        OutgoingMail(key=f"{kind}:{page.pk}", kind=kind, to="f@a.example", **cause) for kind, cause in causes.items()
    )


def told_by(message) -> Answer:
    """What a mail tells; whom it goes to is known there."""
    text = repr([message.subject, message.body, *message.extra_headers.items()]).encode()
    return Answer(message.subject, 200, frozenset(word.lower() for word in WORD.findall(text)))


def test_no_mail_holds_a_secret(aviary, settings):
    settings.HUB_SENDS_MAIL = True
    shown = aviary.shown_of(pages.ArticlePage)[0]
    for page in [shown, *aviary.hidden_of((pages.ArticlePage, pages.ChapterPage))]:
        note_mails(page, aviary.canaries.hide)

    announce(timezone.now() + TIME_TO_UNDO)
    while OutgoingMail.objects.filter(state="waiting").exists():
        send_due(timezone.now() + TIME_TO_UNDO)

    about = OutgoingMail.objects.filter(state="sent", key__endswith=f":{shown.pk}")
    assert {*about.values_list("kind", flat=True), "confirm"} == TO_READERS
    assert leaks(aviary, [told_by(message) for message in mail.outbox]) == {}
