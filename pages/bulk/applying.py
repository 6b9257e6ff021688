"""Making a change on a page in all its versions: what readers see, what is scheduled, and what is being written.

An editor's unfinished words are neither published nor lost: the change is put into them, and beside them into what is
public.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.locks import BasicLock
from wagtail.log_actions import log
from wagtail.models import Page, WorkflowState

CHANGED_TOGETHER = "pages.change_together"


class Left(Exception):
    """A page is left as it is; the message says why."""


def why_left(page: Page, fits, user) -> str:
    """Why ``user`` cannot change ``page`` along with others, in words; empty when they can. ``fits``: of a change."""
    if not fits(page.specific_class):
        return _("has nothing of this kind")
    if page.alias_of_id:
        return _("is an alias: change its original")
    if state := page.current_workflow_state:
        return _("was sent back in a workflow") if was_sent_back(state) else _("is waiting for approval in a workflow")
    if is_locked(page, user):
        return _("is locked")
    return "" if page.permissions_for_user(user).can_edit() else _("is not yours to edit")


def was_sent_back(state: WorkflowState) -> bool:
    """Whether a moderator asked for changes. The workflow goes on from there; publishing the page would cancel it."""
    return state.status == WorkflowState.STATUS_NEEDS_CHANGES


def is_locked(page: Page, user) -> bool:
    """Whether ``user`` must not change ``page`` now. What is only scheduled may be, by those who may schedule it again."""
    if page.locked:
        return BasicLock(page).for_user(user)
    return page.approved_schedule and not page.permissions_for_user(user).can_publish()


def change_page(key: int, change, words: str, *, by) -> bool:
    """Make ``change`` on the page with the key ``key``; whether anything was changed.

    What is public is changed only by those who may publish; others change the draft. Raises ``Left``.
    """
    with transaction.atomic():
        page = Page.objects.select_for_update().filter(pk=key).first()
        if page is None:
            raise Left(_("is no longer there"))
        page = page.specific
        if why := why_left(page, change.fits, by):
            raise Left(why)
        if change.is_gone():
            raise Left(_("what was chosen for it is no longer there"))
        try:
            return _in_all_versions(page, change, words, by)
        except ValidationError as error:
            raise Left(" ".join(error.messages)) from error


def _in_all_versions(page, change, words, by) -> bool:
    draft = page.get_latest_revision_as_object() if page.has_unpublished_changes else None
    scheduled = page.scheduled_revision
    latest_is_scheduled = scheduled is not None and scheduled.pk == page.latest_revision_id
    may_publish = page.permissions_for_user(by).can_publish()
    revisions = []
    if may_publish:
        if page.live and change.make(page):
            revisions.append(_saved(page, by, publish=True))
        if scheduled and (later := scheduled.as_object()) and (change.make(later) or revisions):
            # Also where it needed no change: publishing the other has taken its date from it.
            revisions.append(_saved(later, by, publish=True))
    if not page.live and not draft:
        draft = page
    elif not may_publish:
        draft = draft or page
    elif latest_is_scheduled:
        draft = None  # that was it
    if draft is not None and (change.make(draft) or revisions):
        # Also where it needed none: what is being written has to stay the latest.
        revisions.append(_saved(draft, by))
    if revisions:
        log(page, CHANGED_TOGETHER, user=by, data={"words": words}, revision=revisions[-1], content_changed=True)
    return bool(revisions)


def _saved(page, by, *, publish=False):
    """The revision made of ``page``. What stood in it before is not judged again: it may have been let pass long ago."""
    revision = page.save_revision(user=by, clean=False)
    if publish:
        revision.publish(user=by, log_action=False)
    return revision
