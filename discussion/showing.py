"""What stands beneath a page: everything that ``templates/discussion/discussion.html`` shows, put together once."""

from urllib.parse import urlencode

from django.conf import settings
from django.db.models import CharField, Exists, Q, Subquery, Value
from django.urls import reverse

from discussion.forms import CommentForm
from discussion.models import Discussion, PageComment
from discussion.openness import pages_beside, standings_of
from discussion.rollup import Belonging
from discussion.threads import NOTHING, screen_of
from people.visibility import restrictions_through


def discussion_of(page, request, *, shown_on=None, after: int | None = None, newest: bool = False) -> dict:
    """The screen of ``page``'s threads after the one that the comment numbered ``after`` belongs to, as a template shows it.

    ``shown_on`` is the page beneath which it stands, with the form, and with what is said on the pages that belong to it
    by links or stand beneath it; without one it stands alone. Only ``page`` and ``standing`` where it is not shown.
    """
    belonging = Belonging(shown_on) if shown_on else None
    rows = _rows(page, after, belonging)
    others = [row for key, row in rows.items() if key != page.pk]
    standings = standings_of([page, *(row.page for row in others)], rows, request)
    row, standing = rows.get(page.pk), standings[page.pk]
    if not standing.is_shown:
        return {"page": page, "standing": standing}
    start = row.after_path or "" if row else ""
    is_private = row.is_private if row else page.get_view_restrictions().exists()
    can_follow = settings.HUB_SENDS_MAIL and not is_private
    has_form = bool(shown_on) and standing.takes_comments
    said_something = bool(row and row.last_number)  # else there is nothing to read
    screen = screen_of(page, after=start, newest=newest, takes_comments=standing.takes_comments) if said_something else NOTHING
    own_url = reverse("discussion:page", args=[page.pk])
    further = {"order": "newest"} if newest else {}
    return {
        "request": request,
        "page": page,
        "standing": standing,
        "count": row.published_count if row else 0,
        "elsewhere": belonging.parts([o for o in others if standings[o.page_id].is_shown], request) if belonging else [],
        "rows": screen.rows,
        "newest": newest,
        "begins_later": bool(start),
        "more_url": f"{own_url}?{urlencode(further | {'after': screen.next_after})}" if screen.next_after else "",
        "own_url": own_url,
        "add_url": reverse("discussion:add", args=[page.pk]),
        "can_follow": can_follow,
        "has_feed": bool(row and not is_private),
        **(_form(page, can_follow) if has_form else {}),
        **pages_beside(page, request, form=has_form),
    }


def _rows(page, after, belonging) -> dict[int, Discussion]:
    """The discussion's row and those of what belongs to it, by page, in one query.

    With ``after_path``, the path of the comment numbered ``after``, and ``is_private``: not everybody may read the page.
    """
    path = PageComment.objects.filter(page_id=page.pk, number=after).values("path")
    rows = Discussion.objects.annotate(
        after_path=Subquery(path) if after else Value("", CharField()), is_private=Exists(restrictions_through("page__"))
    )
    if belonging is None:
        rows = rows.filter(page_id=page.pk)
    else:
        rows = rows.filter(Q(page_id=page.pk) | belonging.condition()).annotate(linked_as=belonging.linked_as())
        rows = rows.select_related("page").defer("page__body")
    return {row.page_id: row for row in rows}


def _form(page, can_follow) -> dict:
    form = CommentForm(auto_id="comment-%s")
    if not can_follow:
        form.offer_no_mail()
    return {
        "form": form,
        "form_url": reverse("discussion:add", args=[page.pk]),
        "token_url": reverse("discussion:token", args=[page.pk]),
        "max_length": settings.HUB_COMMENT_LENGTH,
    }
