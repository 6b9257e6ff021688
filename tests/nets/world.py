"""One of each thing that an address can name, the rules by which the nets fill addresses with them, and who asks."""

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    PageViewRestriction,
    Site,
    Task,
    UploadedFile,
    Workflow,
)

from discussion import tokens
from discussion.models import CannedReply, Subscription
from discussion.moderation import bulk
from discussion.moderation.actions import ACTIONS
from discussion.moderation.export import FORMATS
from discussion.notes import write_note
from discussion.posting import post_comment
from discussion.transitions import decide
from discussion.treatments import treat
from pages.models import BulkChange, LinkKind, SearchPromotion, SearchSynonym, SectionPage
from tests import factories
from tests.nets.urls import Row, rows


@dataclass(frozen=True)
class Case:
    """One address as it is asked for. ``key`` is what tables call it: its row, and which of several it is."""

    row: Row
    key: str
    path: str

    @property
    def is_ours(self) -> bool:
        """Ours is all that is no part of Wagtail's admin, and in the admin all that is about the discussion."""
        return not self.row.is_admin or "discussion" in self.key


@dataclass
class World:
    """Objects by the name that ``ARGUMENTS`` and ``SPREAD`` give them."""

    values: dict = field(default_factory=dict)
    page: object = None
    comment: object = None
    restriction: object = None


# What fills an argument: the address (as in tables, with wildcards), the argument, the name in ``World.values``.
ARGUMENTS = [
    ("wagtailadmin_api:pages:*", "pk", "page"),
    ("wagtailadmin_api:pages:action", "action_name", "page action"),
    ("wagtailadmin_api:documents:*", "pk", "document"),
    ("wagtailadmin_api:images:*", "pk", "image"),
    ("wagtailadmin_explore*", "parent_page_id", "section"),
    ("wagtailadmin_choose_page_child", "parent_page_id", "section"),
    ("wagtailadmin_pages:add*", "parent_page_id", "section"),
    ("wagtailadmin_pages:preview_on_add", "parent_page_id", "section"),
    ("wagtailadmin_pages:*", "content_type_app_name", "page app"),
    ("wagtailadmin_pages:*", "content_type_model_name", "page model"),
    ("wagtailadmin_pages:choose_parent", "app_label", "page app"),
    ("wagtailadmin_pages:choose_parent", "model_name", "page model"),
    ("wagtailadmin_pages:*", "page_id", "page"),
    ("wagtailadmin_pages:*", "pk", "page"),
    ("wagtailadmin_pages:*", "page_to_move_id", "page"),
    ("wagtailadmin_pages:*", "destination_id", "other section"),
    ("wagtailadmin_pages:*", "action_name", "workflow action"),
    ("wagtailadmin_pages:*", "task_state_id", "task state"),
    ("wagtailadmin_pages:*", "workflow_state_id", "workflow state"),
    ("wagtailadmin_pages:*", "task_id", "task"),
    ("wagtailadmin_pages:revisions_*", "revision_id", "revision"),
    ("wagtailadmin_pages:revisions_*", "revision_id_a", "revision"),
    ("wagtailadmin_pages:revisions_*", "revision_id_b", "latest"),
    ("wagtailadmin_tag_model_autocomplete", "app_name", "tag app"),
    ("wagtailadmin_tag_model_autocomplete", "model_name", "tag model"),
    ("wagtailadmin_collections:*", "pk", "collection"),
    ("wagtailadmin_collections:*", "collection_id", "collection"),
    ("wagtailadmin_workflows:remove", "page_pk", "section"),
    ("wagtailadmin_workflows:remove", "workflow_pk", "workflow"),
    ("wagtailadmin_workflows:*task*", "pk", "task"),
    ("wagtailadmin_workflows:*", "pk", "workflow"),
    ("wagtailadmin_workflows:*", "app_label", "task app"),
    ("wagtailadmin_workflows:*", "model_name", "task model"),
    ("wagtailadmin_workflows:task_chosen", "task_id", "task"),
    ("wagtailadmin_editing_sessions:*", "app_label", "page app"),
    ("wagtailadmin_editing_sessions:*", "model_name", "page model"),
    ("wagtailadmin_editing_sessions:*", "object_id", "page"),
    ("wagtailadmin_editing_sessions:*", "session_id", "editing session"),
    ("discussion_duplicate", "pk", "second comment"),
    ("discussion_delete_note", "pk", "note"),
    ("discussion_end_treatment", "pk", "treatment"),
    ("discussion_*", "pk", "comment"),
    ("discussion_undo", "batch", "batch"),
    ("discussion_bulk", "batch", "bulk decision"),
    ("discussion_override", "page_id", "page"),
    ("discussion_mode", "page_id", "page"),
    ("discussion_person", "subject", "person"),
    ("discussion_write_note", "subject", "person"),
    ("discussion_treat", "subject", "person"),
    ("wagtailredirects:*", "redirect_id", "redirect"),
    ("wagtailsettings:*", "pk", "site"),
    ("wagtaildocs:*", "document_id", "document"),
    ("wagtaildocs:*", "doc_id", "document"),
    ("wagtaildocs:*", "uploaded_file_id", "uploaded document"),
    ("wagtaildocs_chooser:*", "pk", "document"),
    ("wagtailimages*", "image_id", "image"),
    ("wagtailimages:*", "uploaded_file_id", "uploaded image"),
    ("wagtailimages:preview", "filter_spec", "filter"),
    ("wagtailimages_chooser:*", "pk", "image"),
    ("wagtailsnippets_discussion_cannedreply:*", "pk", "canned reply"),
    ("wagtailsites:*", "pk", "site"),
    ("wagtailusers_users:*", "pk", "user"),
    ("wagtailusers_groups:*", "pk", "group"),
    ("wagtailmedia:*", "media_id", "media"),
    ("wagtailmedia:*", "media_type", "media type"),
    ("wagtailadmin_password_reset_confirm", "uidb64", "user in base64"),
    ("wagtailadmin_password_reset_confirm", "token", "reset token"),
    ("discussion:*", "page_id", "page"),
    ("discussion:comment", "number", "number"),
    ("discussion:replies", "number", "number"),
    ("discussion:confirm", "token", "confirm token"),
    ("discussion:subscribe", "token", "subscribe token"),
    ("discussion:unsubscribe", "token", "unsubscribe token"),
    ("discussion:report", "number", "number"),
    ("discussion:edit", "key", "own comment"),
    ("discussion:delete", "key", "own comment"),
    ("wagtaildocs_serve", "_0", "document"),
    ("wagtaildocs_serve", "_1", "document file"),
    ("wagtaildocs_authenticate_with_password", "restriction_id", "collection restriction"),
    ("media", "name", "media file"),
    ("linked", "page_id", "linkable"),
    ("place_feed", "page_id", "followed"),
    ("share_picture", "page_id", "page"),
    ("sitemap_part", "number", "sitemap part"),
    ("page_proposals", "page_id", "page"),
    ("linked", "kind", "link kind"),
    ("pages_merge", "pk", "topic"),
    ("pages_bulk_change", "pk", "bulk change"),
    ("wagtailsnippets_pages_linkkind:*", "pk", "link kind key"),
    ("wagtailsnippets_pages_searchsynonym:*", "pk", "pages.searchsynonym"),
    ("wagtailsnippets_pages_searchpromotion:*", "pk", "pages.searchpromotion"),
    ("wagtailcore_authenticate_with_password", "page_view_restriction_id", "page restriction"),
    ("wagtailcore_authenticate_with_password", "page_id", "private page"),
    ("wagtail_serve", "_0", "page path"),
]


def _bulk_actions(world: World) -> Iterator[tuple[str, dict, str]]:
    bulk_action_registry.get_bulk_actions_for_model("", "")  # reads the hooks
    for app, models in bulk_action_registry.actions.items():
        for model, actions in models.items():
            for action in actions:
                chosen = world.values.get(f"{app}.{model}", "")
                yield f"{app}.{model}.{action}", {"app_label": app, "model_name": model, "action": action}, f"?id={chosen}"


def _settings(world: World) -> Iterator[tuple[str, dict, str]]:
    for model in settings_registry:
        meta = model._meta
        yield meta.label_lower, {"app_name": meta.app_label, "model_name": meta.model_name}, ""


# Addresses that stand for several things, each asked for: ``(which, arguments, query)`` from the registry behind them.
SPREAD = {
    "wagtail_bulk_action": _bulk_actions,
    "wagtailsettings:*": _settings,
    "discussion_decide": lambda world: ((action, {"action": action}, "") for action in ACTIONS),
    "discussion_queue_export": lambda world: ((kind, {"kind": kind}, "") for kind in FORMATS),
    "discussion_record_export": lambda world: ((kind, {"kind": kind}, "") for kind in FORMATS),
}


class Visitor:
    """A browser that comes to every address as if for the first time: what an answer does to its cookies is forgotten."""

    def __init__(self, client):
        client.raise_request_exception = False
        self.client, self.cookies = client, copy.deepcopy(client.cookies)

    def ask(self, method: str, path: str, data=None, **extra):
        """The response, read to its end, with ``body`` as bytes."""
        self.client.cookies = copy.deepcopy(self.cookies)
        response = getattr(self.client, method.lower())(path, data, **extra)
        response.body = b"".join(response.streaming_content) if response.streaming else response.content
        return response


class CannotFill(Exception):
    """No rule says what an argument of an address stands for."""


def cases(world: World) -> list[Case]:
    """Every address, filled with real objects; of several with one name the number of arguments is part of the key.

    Raises ``CannotFill`` for an argument that no rule knows.
    """
    found = [case for row in rows() for case in _cases(row, world)]
    times = Counter(case.key for case in found)
    return [replace(case, key=f"{case.key}/{len(case.row.arguments)}") if times[case.key] > 1 else case for case in found]


def _cases(row: Row, world: World) -> Iterator[Case]:
    spread = next((spread for glob, spread in SPREAD.items() if fnmatchcase(row.known_as, glob)), None)
    for which, given, query in spread(world) if spread else [("", {}, "")]:
        values = {name: given[name] if name in given else world.values[label_of(row, name)] for name in row.arguments}
        yield Case(row, f"{row.known_as} {which}".strip(), row.path(values) + query)


def label_of(row: Row, argument: str) -> str:
    """The name in ``World.values`` of what an argument stands for. Raises ``CannotFill`` when no rule says so."""
    for glob, name, label in ARGUMENTS:
        if name == argument and fnmatchcase(row.known_as, glob):
            return label
    raise CannotFill(f"tests/nets/world.py has no rule for “{argument}” of {row.known_as}")


def build(home) -> World:
    """One of each, beneath ``home``."""
    world = World()
    section = factories.SectionPageFactory(parent=home, title="Everything", slug="everything")
    other = SectionPage(title="Elsewhere", slug="elsewhere")
    home.add_child(instance=other)
    image = factories.ImageFactory(collection=Collection.get_first_root_node())
    image._set_image_file_metadata()
    image.file.close()
    image.save()
    page = factories.ArticlePageFactory(parent=section, title="A dry street", slug="a-dry-street")
    page.image = image
    page.save()
    private = factories.ArticlePageFactory(parent=section, title="A closed street", slug="a-closed-street")
    restriction = PageViewRestriction.objects.create(page=private, restriction_type="password", password="open")
    factories.ArticlePageFactory(parent=section, title="Elsewhere to go", slug="elsewhere-to-go")
    comment = factories.comment(page)
    factories.comment(page, state="pending")
    unconfirmed = post_comment(page, factories.submission(author_key="browser"), hold=True, confirm=True)
    asked = Subscription.objects.create(page=page, scope="page", email="f@readers.example", person_key="f")
    told = Subscription.objects.create(
        page=page, scope="replies", email="f@readers.example", person_key="f", confirmed_at=timezone.now()
    )
    own = factories.comment(page, author_key="a-guest")
    document = factories.DocumentFactory()
    # What an upload form would have noted; Wagtail's editor makes up for it otherwise.
    document._set_document_file_metadata()
    document.file.close()
    document.save()
    media = factories.MediaFactory()
    user = factories.UserFactory(username="somebody")
    spam = factories.comment(page, state="pending")
    batch = decide([spam.pk], "spam", by=user).batch
    job = bulk.prepare([(spam.pk, 0)], "approve", by=user)
    collection = Collection.get_first_root_node().add_child(name="Drawer")
    closed = CollectionViewRestriction.objects.create(collection=collection, restriction_type="password", password="open")
    revision = page.save_revision()
    latest = page.save_revision()
    page.refresh_from_db()
    in_workflow = _workflow(page, user)
    session = EditingSession.objects.create(content_object=page, user=user, last_seen_at=timezone.now())
    uploads = {
        label: UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model), file=ContentFile(b"", name=f"{label}.bin")
        )
        for label, model in (("image", Image), ("document", Document))
    }
    world.page, world.comment, world.restriction = page, comment, restriction
    world.values = in_workflow | {
        "home": home.pk,
        "section": section.pk,
        "other section": other.pk,
        "page": page.pk,
        "linkable": page.pk,
        "followed": section.pk,
        "sitemap part": home.pk // 1000,
        "page app": "pages",
        "page model": "articlepage",
        "page path": page.get_url_parts()[2].lstrip("/"),
        "page action": "copy",
        "private page": private.pk,
        "page restriction": restriction.pk,
        "collection restriction": closed.pk,
        "revision": revision.pk,
        "latest": latest.pk,
        "image": image.pk,
        "filter": "width-40",
        "link kind": "related-to",
        "link kind key": LinkKind.objects.get(slug="talk-about").pk,
        "topic": factories.TopicPageFactory(parent=section, title="Rain", slug="rain").pk,
        "bulk change": BulkChange.objects.create(change={}, words="Topics added: Rain", chosen=[page.pk], by=user).pk,
        "pages.linkkind": LinkKind.objects.get(slug="talk-about").pk,
        "pages.searchsynonym": SearchSynonym.objects.create(words="rain\nshowers").pk,
        "pages.searchpromotion": SearchPromotion.objects.create(searches="rain", page=page).pk,
        "document": document.pk,
        "document file": document.filename,
        "media": media.pk,
        "media type": "video",
        "media file": media.file.name,
        "uploaded image": uploads["image"].pk,
        "uploaded document": uploads["document"].pk,
        "comment": comment.pk,
        "second comment": own.pk,
        "person": comment.person_key,
        "note": write_note("Knows the street well.", by=user, person=comment.person_key).pk,
        "treatment": treat("@others.example", "hold", by=user, about="@others.example").pk,
        "canned reply": CannedReply.objects.first().pk,
        "number": comment.number,
        "confirm token": tokens.confirmation(unconfirmed),
        "subscribe token": tokens.wish(asked),
        "unsubscribe token": tokens.ending(told),
        "own comment": own.submission_key,
        "user": user.pk,
        "user in base64": "MQ",
        "reset token": "never-a-token",
        "group": Group.objects.get(name="Editors").pk,
        "collection": collection.pk,
        "site": Site.objects.get().pk,
        "redirect": Redirect.objects.create(old_path="/old", redirect_page=page).pk,
        "editing session": session.pk,
        "tag app": "taggit",
        "tag model": "tag",
        "wagtailcore.page": page.pk,
        "wagtailimages.image": image.pk,
        "wagtaildocs.document": document.pk,
        "people.user": user.pk,
        "batch": batch,
        "bulk decision": job.pk,
        "discussion.cannedreply": CannedReply.objects.first().pk,
    }
    return world


def _workflow(page, user) -> dict:
    """The page in a workflow's first step, and the names of all that belongs to it."""
    task = Task.objects.get()
    workflow = Workflow.objects.get()
    state = workflow.start(page, user)
    return {
        "task": task.pk,
        "task app": "wagtailcore",
        "task model": "groupapprovaltask",
        "workflow": workflow.pk,
        "workflow action": "approve",
        "workflow state": state.pk,
        "task state": state.current_task_state.pk,
    }
