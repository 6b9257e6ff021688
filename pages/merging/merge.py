"""Merging a person's or a topic's page into another: what names the one names the other, and its addresses lead there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex, Site, get_page_models
from wagtail.search import index

from pages import providers
from pages.bulk.applying import Left, change_page
from pages.bulk.changes import Change, append
from pages.merging.drafts import rename_in_drafts
from pages.merging.references import rename
from pages.merging.texts import rename_in_texts, text_fields
from pages.models import ContentLink, ContentPage, TopicPage
from pages.old_addresses import Leaving
from pages.search.indexing import mark
from pages.sight import Sight
from people.models import PersonPage

MERGED = "pages.merge"
MERGEABLE = (PersonPage, TopicPage)
LAG = timedelta(days=1)  # by which the worker may be behind with the index of references
LINK = ["kind", "target_id", "address", "title", "publisher", "date", "note", "wording"]


class CannotMerge(Exception):
    """These two are not merged; the message says why, in words for whoever asked."""


@dataclass(frozen=True)
class Merged:
    """What came of a merge. ``rows`` counts the pages whose rows were renamed, by relation; ``address`` is the old one."""

    rows: dict[str, int]
    texts: int
    drafts: int
    comments: int
    address: str


def may_merge(page: Page, user) -> bool:
    """Whether ``user`` may merge ``page`` into another: it goes, as by deletion."""
    return issubclass(page.specific_class, MERGEABLE) and not page.alias_of_id and page.permissions_for_user(user).can_delete()


def check(old: Page, into: Page, user) -> None:
    """Raise ``CannotMerge`` where ``user`` cannot merge ``old`` into ``into``."""
    if not may_merge(old, user):
        raise CannotMerge(_("You may not delete “%(title)s”, and merging does.") % {"title": old.title})
    if old.specific_class is not into.specific_class or into.alias_of_id:
        raise CannotMerge(_("Only two people, or two topics, can be merged."))
    permissions = into.permissions_for_user(user)
    if not permissions.can_edit() or (into.live and not permissions.can_publish()):
        raise CannotMerge(_("You may not publish “%(title)s”.") % {"title": into.title})
    if old.live and not into.live:
        raise CannotMerge(
            _("“%(title)s” is not public: publish it first, or merge it the other way round.") % {"title": into.title}
        )
    for page in (old, into):
        if page.current_workflow_state or page.locked or page.approved_schedule:
            raise CannotMerge(_("“%(title)s” is locked, scheduled or in a workflow.") % {"title": page.title})
    if old.get_children_count():
        raise CannotMerge(_("Pages stand below “%(title)s”. Move them first.") % {"title": old.title})


@transaction.atomic
def merge(old: Page, into: Page, *, by) -> Merged:
    """Make everything that names ``old`` name ``into``, in what is public, written or scheduled; then delete ``old``.

    Contributions keep their printed names. Links that ``old`` states go over too, and so do its comments and the account
    of a person where ``into`` has none. What else it says itself goes with it. Raises ``CannotMerge``.
    """
    old, into = _locked(old, into)
    check(old, into, by)
    try:
        comments = providers.take_over_discussion(old, into, by=by)
    except providers.CannotTakeOver as error:
        raise CannotMerge(str(error)) from error
    _take_over(old, into, by)
    texts = _rename_in_texts(old, into, by)
    renamed = rename(old.pk, into.pk)
    with_texts = [int(key) for model, key in texts if issubclass(model, Page)]
    drafts = rename_in_drafts(old.pk, into.pk, {*renamed.pages, *with_texts})
    aliases = list(Page.objects.filter(alias_of=old))
    leaving = Leaving([old])
    address = next((path for key, _site, path in leaving.addresses if key == old.pk), "")
    result = Merged({name: len(keys) for name, keys in renamed.owners.items()}, len(texts), drafts, comments, address)
    data = {"title": old.title, "id": old.pk, "address": address, "rows": result.rows, "comments": comments}
    log(into, MERGED, user=by, data=data, content_changed=True)
    _refer_anew(old.pk, into.pk, renamed.shortened)
    _lead_feed(old.pk, into.pk)
    for page in [*aliases, old]:
        page.specific.delete(user=by)
    leaving.lead_to(into, by=by)
    mark(*renamed.pages)
    transaction.on_commit(lambda: index_anew.enqueue(renamed.pages))
    return result


def _locked(old: Page, into: Page) -> tuple[Page, Page]:
    """Both as they are now, their rows locked in the order of their keys, as everybody locks."""
    if old.pk == into.pk:
        raise CannotMerge(_("A page cannot be merged into itself."))
    rows = {page.pk: page for page in Page.objects.select_for_update().filter(pk__in=[old.pk, into.pk]).order_by("pk")}
    if len(rows) < 2:
        raise CannotMerge(_("One of the two was deleted a moment ago."))
    return rows[old.pk].specific, rows[into.pk].specific


@dataclass(frozen=True)
class TakenOver(Change):
    """What a page takes over from one that is merged into it: the links that it states, and the account."""

    links: list[ContentLink]
    user_id: int | None

    @staticmethod
    def fits(model) -> bool:
        return issubclass(model, MERGEABLE)

    def make(self, page) -> bool:
        """Change ``page`` in memory; whether there was anything to change."""
        there = {(mine.kind, mine.target_id, mine.address) for mine in page.links.all()} if self.links else set()
        new = [row for row in self.links if (row.kind, row.target_id, row.address) not in there]
        changed = bool(new) and append(page.links, [ContentLink(**{name: getattr(row, name) for name in LINK}) for row in new])
        if self.user_id and not page.user_id:
            page.user_id, changed = self.user_id, True
        return changed


def _take_over(old, into, by) -> None:
    """Put what ``old`` states itself into all versions of ``into``, as one change of it."""
    links = [row for row in old.links.all() if row.target_id != into.pk] if isinstance(old, ContentPage) else []
    user_id = old.user_id if isinstance(old, PersonPage) else None
    if user_id:
        PersonPage.objects.filter(pk=old.pk).update(user=None)  # an account has one profile
    if links or user_id:
        try:
            change_page(into.pk, TakenOver(links, user_id), _("Merged: %(title)s") % {"title": old.title}, by=by)
        except Left as error:
            why = {"title": into.title, "why": str(error)}
            raise CannotMerge(_("“%(title)s” cannot be changed: %(why)s") % why) from error


def _rename_in_texts(old, into, by) -> set[tuple[type, str]]:
    """Rename in the texts of everything that refers to ``old``; the model and the key of each thing that was changed."""
    changed = set()
    named = dict.fromkeys([*_indexed(old), *_saved_lately(old)])
    # All their columns are saved: nobody else may save them between the reading and that.
    keys = [int(key) for model, key in named if issubclass(model, Page)]
    list(Page.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    for model, key in named:
        instance = model._base_manager.filter(pk=key).first()
        if isinstance(instance, Page):
            instance = instance.specific  # after a row of it was saved, its references are those of a type above its own
        if instance is not None and rename_in_texts(instance, old.pk, into.pk):
            try:
                instance.save()
            except ValidationError as error:  # it names the page, and what else it holds is not allowed any more
                title = Sight([instance], by).named(instance).title if isinstance(instance, Page) else str(instance)
                why = {"title": title, "why": " ".join(error.messages)}
                raise CannotMerge(_("“%(title)s” names it and cannot be saved: %(why)s") % why) from error
            changed.add((model, key))
    return changed


def _indexed(old: Page) -> Iterator[tuple[type, str]]:
    """The model and key of each thing whose texts name ``old``, as far as the index of references knows."""
    for reference in ReferenceIndex.get_references_to(old).select_related("content_type"):
        model = reference.content_type.model_class()
        if model and reference.model_path.split(".")[0] in {field.name for field in text_fields(model)}:
            yield model, reference.object_id


def _saved_lately(old: Page) -> Iterator[tuple[type, str]]:
    """The same of pages in whose texts its key stands, which the index may not know yet: the worker writes it."""
    since = timezone.now() - LAG
    lately = Q(latest_revision_created_at__gte=since) | Q(last_published_at__gte=since)
    for model in get_page_models():
        texts = {f"text_{field.name}": Cast(field.name, TextField()) for field in text_fields(model)}
        if texts:
            naming = Q(*((f"{name}__contains", str(old.pk)) for name in texts), _connector=Q.OR)
            rows = model.objects.annotate(**texts).filter(naming, lately).order_by()
            yield from ((model, str(key)) for key in rows.values_list("pk", flat=True))


def _refer_anew(old: int, into: int, shortened: set[int]) -> None:
    """Keep the index of references true, for rows that were renamed beneath it."""
    for page in Page.objects.filter(pk__in=shortened).specific().iterator(chunk_size=100):
        ReferenceIndex.create_or_update_for_object(page)
    rows = ReferenceIndex.objects.filter(to_content_type=ContentType.objects.get_for_model(Page), to_object_id=str(old))
    # One text may link to both, and then says so of the other already: the worker has not been through what was saved here.
    same = {name: OuterRef(name) for name in ("base_content_type", "object_id", "to_content_type", "content_path_hash")}
    rows.filter(Exists(ReferenceIndex.objects.filter(to_object_id=str(into), **same))).delete()
    rows.update(to_object_id=str(into))


def _lead_feed(old: int, into: int) -> None:
    """Lead those who subscribed to the feed of ``old``, whose address names the page by its key, to the other's."""
    path, link = (reverse("place_feed", args=[key]) for key in (old, into))
    rows = (
        Redirect(site=site, old_path=Redirect.normalise_path(path), redirect_link=link, automatically_created=True)
        for site in Site.objects.all()
    )
    Redirect.objects.bulk_create(rows, ignore_conflicts=True)  # what administrators wrote by hand stays


@task()
def index_anew(keys: list[int]) -> None:
    """Put pages into the index of the admin's search again, since the people or topics by which they are found have changed."""
    for page in Page.objects.filter(pk__in=keys).specific().iterator(chunk_size=100):
        index.insert_or_update_object(page)
