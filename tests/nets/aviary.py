"""A site full of secrets: pages of every type hidden in every way, live pages tied to all of them, comments in every state."""

from dataclasses import dataclass, field
from itertools import cycle

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Comment,
    Page,
    PageViewRestriction,
    UploadedFile,
    get_page_models,
)

from discussion import search
from discussion.models import Discussion, DiscussionSettings, PageComment, State
from discussion.notes import write_note
from discussion.transitions import decide
from discussion.treatments import treat
from pages import models as pages
from pages.models import SearchEntry, StaleEntry
from pages.search import indexing
from pages.search.gathering import gather
from people.models import PeopleIndexPage, PersonPage
from tests import factories
from tests.nets.canaries import SECRET, WAYS, Canaries, text_values

# Page types of which none is hidden, with the reason.
NOT_HIDDEN = {
    Page: "Wagtail's root",
    pages.HomePage: "the root of the site",
    pages.ContentPage: "editors create its types, never the thing itself",
}
# Those that hold others come first.
HOLDERS = [pages.SectionPage, pages.StandardPage, PeopleIndexPage, pages.PublicationPage]
TYPES = [*HOLDERS, *(model for model in get_page_models() if model not in [*NOT_HIDDEN, *HOLDERS])]
# Ways that hide a page but not what stands beneath it.
ALONE = [
    "a draft",
    "a scheduled page",
    "a page live before its time",
    "an expired page, the worker being late",
    "an unpublished page",
]


@dataclass
class Aviary:
    home: pages.HomePage
    canaries: Canaries = field(default_factory=Canaries)
    hidden: list[Page] = field(default_factory=list)
    shown: list[Page] = field(default_factory=list)
    document: Document | None = None
    upload: UploadedFile | None = None
    owner: object = None

    def hidden_of(self, page_type) -> list:
        return [page for page in self.hidden if isinstance(page, page_type)]

    def shown_of(self, page_type) -> list:
        return [page for page in self.shown if isinstance(page, page_type)]

    def add(self, page_type, give, place, **values) -> Page:
        """An unsaved page with words of its own."""
        words = text_values(page_type, give, f"{place} ({page_type.__name__})")
        return new_page(page_type, words | values | {"owner": self.owner})


def new_page(page_type, values) -> Page:
    """An unsaved page, with what its type cannot do without."""
    return page_type(**({"address": "https://vimeo.com/123456789"} if page_type is pages.VideoPage else {}), **values)


def build(home) -> Aviary:
    aviary = Aviary(home)
    hide, show = aviary.canaries.hide, aviary.canaries.show
    aviary.owner = factories.UserFactory(username=hide("user name"), first_name=hide("name"), email=f"{hide('e-mail')}@a.example")
    parents, private = {pages.HomePage: home}, {}
    for page_type in TYPES:
        page = aviary.add(page_type, show, "a live page")
        parent_for(page_type, parents).add_child(instance=page)
        aviary.shown.append(page)
        if page_type in HOLDERS:
            parents[page_type] = page
            private[page_type] = _private(aviary, page_type, private.get(pages.SectionPage, home))
    for page_type in TYPES:
        for way in ways_for(page_type):
            page = aviary.add(page_type, hide, way)
            WAYS[way](page, parent_for(page_type, parents), parent_for(page_type, private))
            aviary.hidden.append(page)
    _on_no_site(aviary)
    for plant in (_ties, _words_that_link, _beneath_hidden_parents, _drafts_of_live_pages, _comments, _alias, _files):
        plant(aviary, parents, private)
    _index_everything()
    return aviary


def _index_everything():
    """The search index at its worst: as if each page had been found by everybody until a moment ago."""
    SearchEntry.objects.all().delete()
    for page in Page.objects.all().specific():
        if words := gather(page):
            indexing.write(page, words, timezone.now(), set())
    StaleEntry.objects.all().delete()
    search.index_missing()


def ways_for(page_type) -> list[str]:
    """All ways, but for two: each restriction makes each listing slower.

    Types that hold others stand behind a log-in as private parents; one type stands for all behind a group.
    """
    spared = {"a page behind a log-in"} if page_type in HOLDERS else set()
    return [way for way in WAYS if way not in spared and (way != "a page for a group" or page_type is pages.ArticlePage)]


def parent_for(page_type, parents) -> Page:
    """Where a page of this type may stand; a section where there is no such place."""
    allowed = [model for model in page_type.allowed_parent_page_models() if model in parents]
    parent = parents[allowed[-1]] if allowed else parents[pages.SectionPage]
    return type(parent).objects.get(pk=parent.pk)


def _private(aviary, page_type, parent) -> Page:
    """A page behind a log-in that holds others."""
    page = aviary.add(page_type, aviary.canaries.hide, "a private parent")
    type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    aviary.hidden.append(page)
    return page


def _on_no_site(aviary):
    """Live pages beneath a home page that no site has, as while a site is being prepared: they have no address."""
    attic = new_page(pages.HomePage, text_values(pages.HomePage, aviary.canaries.hide, "a home page of no site"))
    parents = {pages.HomePage: Page.get_first_root_node().add_child(instance=attic)}
    for page_type in [pages.SectionPage, PeopleIndexPage, PersonPage, pages.TopicPage, pages.SeriesPage, pages.ArticlePage]:
        page = aviary.add(page_type, aviary.canaries.hide, "a page on no site")
        parent_for(page_type, parents).add_child(instance=page)
        aviary.hidden.append(page)
        parents[page_type] = page


def _beneath_hidden_parents(aviary, parents, private):
    """A live page beneath one that is hidden by itself stays live; only the address may tell of its parent."""
    for way in ALONE:
        for parent_type, child_types in {
            pages.SectionPage: [pages.ArticlePage],
            pages.PublicationPage: [pages.ChapterPage, pages.InterviewPage],
        }.items():
            parent = aviary.add(
                parent_type, aviary.canaries.hide, f"{way} with live pages beneath", slug=f"parent-{len(aviary.hidden)}"
            )
            WAYS[way](parent, parent_for(parent_type, parents), None)
            aviary.hidden.append(parent)
            for child_type in child_types:
                child = aviary.add(child_type, aviary.canaries.show, f"a live page beneath {way}")
                parent_type.objects.get(pk=parent.pk).add_child(instance=child)
                aviary.shown.append(child)


def _ties(aviary, parents, private):
    """Every live page tied to every hidden one, by every relation there is."""
    hide = aviary.canaries.hide
    hidden, shown = aviary.hidden_of(pages.ContentPage), aviary.shown_of(pages.ContentPage)
    kinds, roles = cycle(pages.LinkKind.objects.values_list("slug", flat=True)), cycle(pages.Role)

    words = {
        place: {"note": hide(f"note of a link {place}"), "wording": hide(f"wording of a link {place}")}
        for place in ("to a hidden page", "from a hidden page")
    }
    linkable = [*hidden, *aviary.hidden_of(pages.SectionPage), *aviary.hidden_of(PersonPage)]
    links = [(page, other, "to a hidden page") for page in shown for other in linkable]
    links += [(other, page, "from a hidden page") for page in shown for other in hidden]
    pages.ContentLink.objects.bulk_create(
        pages.ContentLink(source=source, target=target, kind=next(kinds), **words[place]) for source, target, place in links
    )
    _arrangements(aviary, hidden, shown)
    credits_ = [
        pages.Contribution(page=page, person=person, role=next(roles), name="A Byline")
        for page in shown
        for person in aviary.hidden_of(PersonPage)
    ]
    credits_ += [
        pages.Contribution(
            page=page,
            person=person,
            role=next(roles),
            name=f"{hide('byline of a hidden page')} {SECRET}",
            affiliation=hide("position there"),
        )
        for page in hidden
        for person in aviary.shown_of(PersonPage)
    ]
    pages.Contribution.objects.bulk_create(credits_)
    topics = [(page, topic) for page in shown for topic in aviary.hidden_of(pages.TopicPage)]
    topics += [(page, topic) for page in hidden for topic in aviary.shown_of(pages.TopicPage)]
    pages.PageTopic.objects.bulk_create(pages.PageTopic(page=page, topic=topic) for page, topic in topics)
    parts = [(series, page) for series in aviary.shown_of(pages.SeriesPage) for page in [*hidden, *shown]]
    parts += [(series, page) for series in aviary.hidden_of(pages.SeriesPage) for page in shown]
    pages.SeriesItem.objects.bulk_create(pages.SeriesItem(series=series, page=page) for series, page in parts)
    picks = [(topic, page) for topic in aviary.shown_of(pages.TopicPage) for page in [*hidden, *shown[:2]]]
    pages.TopicPick.objects.bulk_create(pages.TopicPick(topic=topic, page=page) for topic, page in picks)
    _paths(aviary)
    pages.HomePageFeature.objects.bulk_create(pages.HomePageFeature(home=aviary.home, page=page) for page in hidden)
    hosts = cycle(aviary.hidden_of(PersonPage))
    for page in shown:
        pages.ContentPage.objects.filter(pk=page.pk).update(discussion_host=next(hosts))
    rules = DiscussionSettings(site=aviary.home.get_site())
    plain = aviary.hidden_of(pages.StandardPage)
    rules.house_rules, rules.privacy = plain[-1], plain[-2]
    rules.save()


def _paths(aviary):
    """Reading paths of either visibility over all pages; a step that readers may not take keeps its note too."""
    note = aviary.canaries.hide("note of a step to a hidden page")
    steps = [(path, page, "") for path in aviary.shown_of(pages.PathPage) for page in aviary.shown]
    steps += [(path, page, note) for path in aviary.shown_of(pages.PathPage) for page in aviary.hidden]
    steps += [(path, page, note) for path in aviary.hidden_of(pages.PathPage) for page in aviary.shown]
    pages.PathStep.objects.bulk_create(
        pages.PathStep(path=path, page_id=page.pk, note=words, sort_order=place)
        for place, (path, page, words) in enumerate(steps)
    )


def _arrangements(aviary, hidden, shown):
    """Live pages put hidden ones that name them first, in words for them, hide a live one, and their texts are alike."""
    slugs = list(pages.LinkKind.objects.values_list("slug", flat=True))
    words = aviary.canaries.hide("words of a page for a hidden one that names it")
    unused = aviary.canaries.hide("words for a link that is hidden")
    first, *others = [page for page in shown if isinstance(page, pages.ArticlePage)]
    pages.ContentLink.objects.bulk_create(pages.ContentLink(source=other, target=first) for other in others)
    rows = [
        pages.IncomingLink(page=page, source=other, kind=slug, place=1, wording=words)
        for page in shown
        for other in hidden
        for slug in slugs
    ]
    rows += [pages.IncomingLink(page=first, source=other, kind="related-to", hidden=True, wording=unused) for other in others]
    pages.IncomingLink.objects.bulk_create(rows)
    pages.SimilarPage.objects.bulk_create(
        pages.SimilarPage(page=page, other=other, place=place) for page in shown for place, other in enumerate(hidden)
    )


def _words_that_link(aviary, parents, private):
    """Links in running text and calls to action lead to hidden pages too; Wagtail resolves them when a page is read."""
    links = "".join(f'<p><a linktype="page" id="{page.pk}">there</a></p>' for page in aviary.hidden)
    for stale in [aviary.shown_of(pages.ArticlePage)[0], aviary.shown_of(pages.StandardPage)[0]]:
        page = type(stale).objects.get(pk=stale.pk)
        page.body.append(("paragraph", links))
        page.body.append(("callout", {"title": "Aside", "text": links}))
        page.body += [("action", {"sentence": "", "text": "Go there", "page": other, "address": ""}) for other in aviary.hidden]
        page.save()
    for person in aviary.shown_of(PersonPage):
        person.biography += links
        person.save()


def _drafts_of_live_pages(aviary, parents, private):
    for page in aviary.shown:
        draft = type(page).objects.get(pk=page.pk)
        for name, value in text_values(type(page), aviary.canaries.hide, f"a draft of a live {type(page).__name__}").items():
            setattr(draft, name, value)
        draft.save_revision()
    Comment.objects.create(page=page, user=aviary.owner, text=aviary.canaries.hide("an editor's note"), contentpath="title")


def _comments(aviary, parents, private):
    hide, show = aviary.canaries.hide, aviary.canaries.show
    moderator = factories.UserFactory(first_name=hide("a moderator's name"), username=hide("a moderator's user name"))

    def secrets(place):
        fields = ("text", "name", "author_role", "organisation", "anchor_text")
        return {name: f"{hide(f'{name} of {place}')} {SECRET}" for name in fields}

    def unseen(place):
        """What stays secret of a published comment too."""
        return {"email": f"{hide(f'e-mail of {place}')}@a.example", "author_key": hide(f"author key of {place}")}

    page = aviary.shown_of(pages.ArticlePage)[0]
    account = factories.UserFactory(username=hide("a commenter's user name"), email=f"{hide('an e-mail')}@a.example")
    values = {"text": show("comment"), "name": show("commenter's name"), "user": account}
    factories.comment(page, **values, **unseen("a published comment"))
    for state in [State.PENDING, State.REJECTED, State.SPAM, State.REMOVED, State.ERASED]:
        comment = factories.comment(page, **secrets(f"a comment, {state}"), **unseen(f"a comment, {state}"))
        keeps_replies = state in {State.REMOVED, State.ERASED}
        beneath = {"text": show(f"a reply to one {state}")} if keeps_replies else secrets(f"a reply beneath one {state}")
        factories.comment(page, reply_to=comment, **beneath, **unseen("a reply"))
        decide([comment.pk], state, by=moderator, reason=hide(f"reason for {state}"))
    unconfirmed = factories.comment(
        page, state="pending", **secrets("a comment, unconfirmed"), **unseen("a comment, unconfirmed")
    )
    PageComment.objects.filter(pk=unconfirmed.pk).update(state=State.UNCONFIRMED)
    write_note(hide("a note on a comment"), by=moderator, comment=unconfirmed, about=hide("whose the comment is"))
    write_note(hide("a note on a person"), by=moderator, person=unconfirmed.person_key, about=hide("who the person is"))
    treat(unconfirmed.person_key, "hold", by=moderator, about=hide("who is held"), reason=hide("why somebody is held"))
    for other in aviary.hidden_of(pages.ContentPage):
        factories.comment(other, **secrets("a comment on a hidden page"), **unseen("a comment on a hidden page"))
    for title, mode, override in [("By the editor", "off", ""), ("By a moderator", "open", "off")]:
        silent = pages.ArticlePage(title=title, slug=f"silent-{mode}", summary="No discussion here.", discussion_mode=mode)
        parent_for(pages.ArticlePage, parents).add_child(instance=silent)
        factories.comment(silent, **secrets("a comment whose discussion is off"), **unseen("a comment whose discussion is off"))
        reason = hide("why a discussion is off")
        Discussion.objects.filter(page=silent).update(override=override, override_reason=reason, override_by=moderator)
        aviary.shown.append(silent)


def _alias(aviary, parents, private):
    """An alias shows what its source says, but no discussion of a source that readers may not see, and no address of it."""
    source = pages.ArticlePage(title="Twice", slug="twice", summary="Stands in two places.")
    parent_for(pages.ArticlePage, private).add_child(instance=source)
    hide = aviary.canaries.hide
    factories.comment(source, text=hide("a comment on a private page with an alias"), name=hide("its writer"))
    aviary.hidden.append(source)
    aviary.shown.append(source.create_alias(parent=parent_for(pages.ArticlePage, parents)))
    for page_type in (pages.StandardPage, pages.SectionPage, pages.ChapterPage, pages.ArticlePage, PersonPage):
        _alias_of_a_restricted_page(aviary, page_type, parents)


def _alias_of_a_restricted_page(aviary, page_type, parents):
    """What its source asks for itself, an alias asks for too, even where it was there before."""
    parent = parent_for(page_type, {pages.HomePage: aviary.home} if page_type is pages.StandardPage else parents)
    source = aviary.add(page_type, aviary.canaries.hide, "a page that was restricted after it got an alias")
    parent.add_child(instance=source)
    alias = source.create_alias(parent=parent, update_slug=aviary.canaries.hide(f"slug of an alias of a {page_type.__name__}"))
    PageViewRestriction.objects.create(page=source, restriction_type="login")
    aviary.hidden += [source, alias]


def _files(aviary, parents, private):
    hide = aviary.canaries.hide
    drawer = Collection.get_first_root_node().add_child(name=hide("a private collection"))
    CollectionViewRestriction.objects.create(collection=drawer, restriction_type="login")
    text = ContentFile(hide("a private document's text").encode(), name=f"{hide('a private file name')}.txt")
    aviary.document = Document.objects.create(title=hide("a private document"), file=text, collection=drawer)
    text = ContentFile(hide("an upload that waits for its title").encode(), name="waiting.txt")
    kind = ContentType.objects.get_for_model(Document)
    aviary.upload = UploadedFile.objects.create(file=text, for_content_type=kind, uploaded_by_user=aviary.owner)
