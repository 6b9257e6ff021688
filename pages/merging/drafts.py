"""What is being written or scheduled, and names a page that is merged into another: renamed in the stored draft.

So is the last version of what is public: the editor opens it after the page was unpublished, and it can be published again.
Older versions stay as they were: who goes back to one finds the old name gone from it.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Q
from wagtail.models import Page, Revision

from pages.merging.references import PLAIN, REFERENCES
from pages.merging.texts import in_field, text_fields

PORTION = 50


def pending_drafts(renamed_in: Iterable[int]):
    """The versions that can still become public: what is being written, what is scheduled, and the last of ``renamed_in``."""
    last = Page.objects.filter(Q(has_unpublished_changes=True) | Q(pk__in=renamed_in)).values("latest_revision")
    return Revision.page_revisions.filter(Q(pk__in=last) | Q(approved_go_live_at__isnull=False)).order_by("pk")


def rename_in_drafts(old: int, into: int, renamed_in: Iterable[int]) -> int:
    """Rename in all that can still become public; how many versions were changed.

    ``renamed_in`` are the keys of the pages in which ``old`` was renamed as they are now.
    """
    changed = 0
    keys = list(pending_drafts(renamed_in).values_list("pk", flat=True))
    for revision in _locked(keys):
        model = revision.content_type.model_class()
        content = model and renamed(model, revision.content, old, into)
        if content is not None and content != revision.content:
            Revision.objects.filter(pk=revision.pk).update(content=content)
            changed += 1
    return changed


def _locked(keys: list[int]) -> Iterator[Revision]:
    """Versions as they are once nobody else can save them: autosave writes the same row again and again."""
    for start in range(0, len(keys), PORTION):
        rows = Revision.objects.select_for_update(of=("self",)).filter(pk__in=keys[start : start + PORTION])
        yield from rows.select_related("content_type").order_by("pk")


def renamed(model: type[Page], content: dict, old: int, into: int) -> dict:
    """The content of a version of a page of the type ``model``, with ``into`` wherever it names ``old``."""
    content = dict(content)
    for field in text_fields(model):
        if isinstance(content.get(field.name), str):
            content[field.name] = in_field(field, content[field.name], old, into)
    for owner, field in PLAIN:
        if issubclass(model, owner) and content.get(field) == old:
            content[field] = into
    for reference in REFERENCES:
        if reference.belongs_to(model) and content.get(reference.relation):
            content[reference.relation] = _renamed_rows(reference, content[reference.relation], content.get("pk"), old, into)
    return content


def _renamed_rows(reference, rows, owner, old, into) -> list[dict]:
    def said(row):
        return tuple(row.get(name) for name in reference.alike if name != reference.owner)

    there = {said(row) for row in rows if row.get(reference.field) == into}
    kept = []
    for row in rows:
        if row.get(reference.field) == old:
            if owner == into or said(row) in there:
                continue
            there.add(said(row))
            row = row | {reference.field: into}
        kept.append(row)
    return kept
