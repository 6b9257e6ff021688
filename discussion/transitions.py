"""The life of a comment: which state may follow which, and the functions that change states and take a change back.

Everything that hangs on a state is written here in the same transaction: numbers, the package's mirror columns, what
is hidden beneath, counters, the record. Lock order everywhere: the pages' ``Discussion`` rows by key, then comments; of what
belongs to no page, the counts of what is posted, then subscriptions, then the counts of mails that ask.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django_comments.models import Comment

from discussion import formatting
from discussion.erasure import wipe
from discussion.models import STANDING, Decision, Discussion, Edit, PageComment, Report, State
from discussion.paths import branch_bounds

# From published to published: a moderator has seen it, and lets it stand whatever readers reported.
ALLOWED = {
    State.UNCONFIRMED: {State.PENDING, State.PUBLISHED, State.REJECTED, State.SPAM, State.ERASED},
    State.PENDING: {State.PUBLISHED, State.REJECTED, State.SPAM, State.ERASED},
    State.PUBLISHED: {State.PUBLISHED, State.PENDING, State.REMOVED, State.REJECTED, State.SPAM, State.ERASED},
    State.REJECTED: {State.PENDING, State.PUBLISHED, State.SPAM, State.ERASED},
    State.SPAM: {State.PENDING, State.PUBLISHED, State.REJECTED, State.ERASED},
    State.REMOVED: {State.PUBLISHED, State.REJECTED, State.SPAM, State.ERASED},
    State.ERASED: set(),
}
# Decisions that answer the readers' reports about a comment.
SETTLING = {State.PUBLISHED, State.REMOVED, State.REJECTED, State.SPAM}
RANGES_AT_ONCE = 400  # in one condition; of a thousand SQLite says that they are too deep


@dataclass(frozen=True)
class Outcome:
    """``changed``: comments that went to the new state. ``refused``: those whose state does not allow it.

    ``late``: those that changed since the moderator looked; nothing was done to them. ``batch`` takes the
    changes back (``undo``).
    """

    changed: list[PageComment]
    refused: list[PageComment]
    late: list[PageComment] = field(default_factory=list)
    batch: uuid.UUID | None = None


@dataclass(frozen=True)
class Why:
    """What a decision's record says besides from what to what. ``by`` None: no person, but a rule or the author."""

    by: object = None
    reason: str = ""
    reason_code: str = ""
    message: str = ""
    batch: uuid.UUID | None = None
    is_undo: bool = False


def decide(
    comment_ids,
    to_state: State,
    *,
    by,
    reason: str = "",
    reason_code: str = "",
    message: str = "",
    batch: uuid.UUID | None = None,
    seen: Mapping[int, int] | None = None,
) -> Outcome:
    """Take one or many comments to ``to_state``, with a record of who, when and why.

    ``seen``: the ``version`` of each comment when the moderator looked; what was decided about or rewritten since is left
    alone. ``batch`` joins this with other calls to be taken back as one. The number of queries does not
    depend on the number of comments.
    """
    batch = batch or uuid.uuid4()
    with transaction.atomic():
        held = lock_discussions_of(comment_ids)
        changed, refused, late = [], [], []
        for comment in _decidable(comment_ids):
            was_moved = comment.page_id not in held  # while we waited for the lock, to a page that we do not hold
            if was_moved or (seen is not None and _version_of(comment) != seen.get(comment.pk, 0)):
                late.append(comment)
            else:
                (changed if _may_go(comment, to_state, by) else refused).append(comment)
        if changed:
            _apply(changed, to_state, Why(by, reason, reason_code, message, batch), timezone.now())
    return Outcome(changed, refused, late, batch)


def undo(batch: uuid.UUID, *, by, within: Q | None = None) -> Outcome:
    """Take back the decisions of ``batch``, except where somebody has decided since; those come back as ``late``.

    ``within``: a condition on the comments that may be touched. What was erased stays so. As many queries for many
    comments as for one, times the different states that they come from.
    """
    with transaction.atomic():
        made = Decision.objects.filter(batch=batch, undone_at=None, is_undo=False).exclude(to_state=State.ERASED)
        if within is not None:
            made = made.filter(comment__in=PageComment.objects.filter(within))
        ids = list(made.order_by().values_list("comment_id", flat=True))
        held = lock_discussions_of(ids)
        last = {decision.comment_id: decision for decision in made.order_by("pk")}
        back, late, now = [], [], timezone.now()
        for comment in _decidable(ids):
            is_last = comment.pk in last and comment.last_decision == last[comment.pk].pk
            (back if is_last and comment.page_id in held else late).append(comment)
        for state in sorted({last[comment.pk].from_state for comment in back}):
            group = [comment for comment in back if last[comment.pk].from_state == state]
            _take_back(_read_again(group), State(state), [last[comment.pk] for comment in group], by, now)
    return Outcome(back, [], late)


def _read_again(comments) -> list[PageComment]:
    """The same with what stands above them as it is now: those taken back before them may have hidden or shown them."""
    hidden = dict(PageComment.objects.filter(pk__in=[c.pk for c in comments]).values_list("pk", "hidden_by_ancestor"))
    for comment in comments:
        comment.hidden_by_ancestor = hidden[comment.pk]
    return comments


def _take_back(comments, state, decisions, by, now) -> None:
    moments = {decision.decided_at for decision in decisions}
    keys = [comment.pk for comment in comments]
    _apply(comments, state, Why(by, is_undo=True), now)
    PageComment.objects.filter(pk__in=keys).update(duplicate_number=None, reviewed_at=None)
    # Who has reported it anew since has that one open: of each reporter one waits.
    anew = Report.objects.filter(comment=OuterRef("comment"), reporter_key=OuterRef("reporter_key"), settled_at=None)
    answered = Report.objects.filter(~Exists(anew), comment__in=keys, settled_at__in=moments)
    answered.update(**_settled(None, None))
    Decision.objects.filter(pk__in=[decision.pk for decision in decisions]).update(undone_at=now)


def lock_discussions_of(comment_ids) -> set[int]:
    """Hold the discussions that the comments belong to, in the order in which everybody does; their pages' keys."""
    pages = PageComment.objects.filter(pk__in=comment_ids).order_by().values("page_id")
    rows = Discussion.objects.select_for_update().filter(page_id__in=pages).order_by("page_id")
    return set(rows.values_list("pk", flat=True))


def unchanged(seen: Mapping[int, int]) -> list[int]:
    """Those comments that are as they were when the moderator looked; ``seen`` as ``decide`` takes it.

    To be asked with their discussions locked, by what else is done to many.
    """
    comments = PageComment.objects.filter(pk__in=seen).order_by("pk")
    return [key for key, now in comments.annotate(version=version()).values_list("pk", "version") if now == seen[key]]


def version():
    """For a query of comments: a number that grows with every decision about one and every change of its words; 0 at first."""
    return last_decision() + _rewritten()


def _version_of(comment) -> int:
    """The same of one of ``_decidable``, for which each part is looked up once."""
    return comment.last_decision + comment.rewritten


def _rewritten():
    return _counted(Edit.objects.filter(comment=OuterRef("pk")).order_by(), "comment_id")


def last_decision():
    """For a query of comments: the key of the last decision about each, 0 for none."""
    last = Decision.objects.filter(comment=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return Coalesce(Subquery(last), Value(0), output_field=BigIntegerField())


def _decidable(comment_ids):
    """What a decision needs to know of comments, in the order in which they came; of one table only."""
    reports = Report.objects.filter(comment=OuterRef("pk"), settled_at=None)
    comments = PageComment.objects.filter(pk__in=comment_ids).only(
        "page", "state", "number", "hidden_by_ancestor", "path", "in_reply_to", "root", "reviewed_at", "submitted_at", "body_html"
    )
    asked = {"last_decision": last_decision(), "rewritten": _rewritten(), "is_reported": Exists(reports)}
    return comments.annotate(**asked).order_by("submitted_at", "pk")


def _may_go(comment, to_state, by) -> bool:
    if comment.state == to_state == State.PUBLISHED:
        return by is not None and (comment.is_reported or comment.reviewed_at is None)
    return to_state in ALLOWED[comment.state]


def _apply(comments, to_state, why: Why, now) -> None:
    keys = [comment.pk for comment in comments]
    decisions = [_decision(comment, to_state, why, now) for comment in comments]
    had_place = {comment.pk for comment in comments if comment.has_place}
    # Nothing stands beneath what never had a number: nobody could answer it.
    answerable = [comment for comment in comments if comment.number is not None]
    unnumbered = [comment for comment in comments if comment.number is None]
    for comment in comments:
        comment.state = to_state
        if to_state == State.ERASED and comment.pk not in had_place:
            comment.number = None  # what was out of sight leaves no placeholder, under which hidden replies would return
    if to_state == State.PUBLISHED:
        # Never published before: there is no earlier moment to keep.
        _number(unnumbered, _columns(unnumbered, to_state, why, now) | {"published_at": now})
        _render([comment for comment in comments if not comment.body_html])
    unwritten = answerable if to_state == State.PUBLISHED else comments
    if unwritten:
        PageComment.objects.filter(pk__in=[c.pk for c in unwritten]).update(**_columns(unwritten, to_state, why, now))
    placed = {comment.pk for comment in comments if comment.has_place}
    Comment.objects.filter(pk__in=keys).update(
        is_public=_one_or_each(placed, keys), is_removed=to_state in {State.REMOVED, State.ERASED}
    )
    if to_state == State.ERASED:
        wipe(keys)  # the earlier record too; this decision's own reason stays
    Decision.objects.bulk_create(decisions, batch_size=500)
    is_answer = to_state in SETTLING and not (why.is_undo and to_state == State.PUBLISHED)  # it stands as before, unanswered
    if is_answer and any(comment.is_reported for comment in comments):
        Report.objects.filter(comment__in=keys, settled_at=None).update(**_settled(now, why.by))
    _hide_or_show_beneath([comment for comment in answerable if (comment.pk in placed) != (comment.pk in had_place)])
    # What had no number stands above nothing: unless it is an answer, no other comment's counters change with it.
    counted = answerable + [comment for comment in unnumbered if comment.in_reply_to_id]
    recount({comment.page_id for comment in comments}, counted)


def _settled(at, by) -> dict:
    return {"settled_at": at, "settled_by": by, "settled_by_name": _name_of(by)}


def _name_of(user) -> str:
    return str(user or "")[:150]


def _decision(comment, to_state, why: Why, now) -> Decision:
    return Decision(
        comment_id=comment.pk,
        from_state=comment.state,
        to_state=to_state,
        by=why.by,
        by_name=_name_of(why.by),
        reason=why.reason[:250],
        reason_code=why.reason_code,
        message=why.message,
        decided_at=now,
        batch=why.batch,
        is_undo=why.is_undo,
    )


def _columns(comments, to_state, why, now) -> dict:
    """What changes in the comments' own rows beside their numbers and HTML."""
    values = {"state": to_state}
    if why.by is not None:
        values["reviewed_at"] = now
    if to_state == State.PUBLISHED:
        values |= {"published_at": Coalesce(F("published_at"), Value(now)), "duplicate_number": None}
    elif to_state == State.ERASED:
        values["number"] = Case(When(pk__in=[c.pk for c in comments if c.number is None], then=None), default=F("number"))
    return values


def _one_or_each(chosen, keys):
    """True for all, False for all, or for each by itself: SQL need not compare where there is nothing to tell apart."""
    if len(chosen) in {0, len(keys)}:
        return bool(chosen)
    return Case(When(pk__in=chosen, then=True), default=False)


def _number(comments, also: dict) -> None:
    """Give each of ``comments`` the next number of its page, and ``also`` what they have in common, in one statement.

    A number is given once and never again.
    """
    pages = {comment.page_id for comment in comments}
    last = dict(Discussion.objects.filter(page_id__in=pages).values_list("page_id", "last_number")) if pages else {}
    for comment in comments:
        last[comment.page_id] = comment.number = last[comment.page_id] + 1
    _write("number", [(comment.pk, comment.number) for comment in comments], also)


def _render(comments) -> None:
    """The HTML of comments that have none yet; posting makes it, so these came some other way."""
    texts = dict(PageComment.objects.filter(pk__in=[c.pk for c in comments]).values_list("pk", "comment")) if comments else {}
    for comment in comments:
        comment.body_html = formatting.render(texts[comment.pk])
    _write("body_html", [(comment.pk, comment.body_html) for comment in comments])


def _write(column: str, values: list[tuple], also: Mapping | None = None) -> None:
    """A value of its own for each of many comments, and ``also`` the same for all, in one statement: Django's
    ``bulk_update`` takes ten times as long."""
    if not values:
        return
    table, key = PageComment._meta.db_table, PageComment._meta.pk.column
    rows = ", ".join(["(%s, %s)"] * len(values))
    fields = {PageComment._meta.get_field(name): value for name, value in (also or {}).items()}
    same = "".join(f", {field.column} = %s" for field in fields)
    params = [field.get_db_prep_save(value, connection) for field, value in fields.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = fresh.column2{same} "  # noqa: S608  (names of ours)
            f"FROM (VALUES {rows}) AS fresh WHERE {table}.{key} = fresh.column1",
            [*params, *(value for pair in values for value in pair)],
        )


def publish(comment: PageComment, discussion: Discussion, now) -> None:
    """Give ``comment``, which is being posted, what a published one has. Saves nothing."""
    comment.published_at = now
    discussion.last_number += 1
    comment.number = discussion.last_number


def _hide_or_show_beneath(comments) -> None:
    """Replies vanish with a comment that leaves the readers' view, and return with it, their own states untouched."""
    _set_hidden([comment for comment in comments if not comment.has_place], True)
    shown = [comment for comment in comments if comment.has_place and not comment.hidden_by_ancestor]
    _set_hidden(shown, False)
    for some in portions(shown):
        answers = PageComment.objects.order_by().filter(in_reply_to=OuterRef("pk"))
        out = PageComment.objects.filter(beneath(some)).exclude(state__in=STANDING, number__isnull=False)
        _set_hidden(list(out.filter(Exists(answers)).only("page", "path").order_by()), True)


def _set_hidden(comments, hidden: bool) -> None:
    for some in portions(comments):
        PageComment.objects.filter(beneath(some)).exclude(hidden_by_ancestor=hidden).update(hidden_by_ancestor=hidden)


def portions(comments) -> list[list]:
    """``comments``, so many at a time as one condition may name ranges of."""
    return [comments[start : start + RANGES_AT_ONCE] for start in range(0, len(comments), RANGES_AT_ONCE)]


def beneath(comments) -> Q:
    """The condition on what stands beneath any of ``comments``: a range of the thread order for each."""
    condition = Q(pk__in=[])
    for comment in comments:
        first, last = branch_bounds(comment.path)
        condition |= Q(page_id=comment.page_id, path__gt=first, path__lte=last)
    return condition


def recount(page_ids, comments=None) -> None:
    """Write counters anew from the comments themselves: of the pages, and of the parents and roots of ``comments``.

    ``comments`` None means all of those pages. Two queries, to be run with the pages' ``Discussion`` rows locked.
    """
    page_ids = list(page_ids)
    on_page = PageComment.objects.filter(page_id=OuterRef("page_id")).order_by()
    published = Q(state=State.PUBLISHED, hidden_by_ancestor=False)
    Discussion.objects.filter(page_id__in=page_ids).update(
        published_count=_counted(on_page.filter(published), "page_id"),
        pending_count=_counted(on_page.filter(state=State.PENDING), "page_id"),
        last_number=Greatest("last_number", Coalesce(_aggregated(on_page, "page_id", Max("number")), "last_number")),
        last_published_at=_aggregated(on_page.filter(published), "page_id", Max("published_at")),
    )
    # A reply whose parent is shown is shown: hiding a branch changes no count of direct replies within it.
    direct = PageComment.objects.filter(in_reply_to=OuterRef("pk"), state=State.PUBLISHED).order_by()
    in_thread = PageComment.objects.filter(published, root=OuterRef("pk")).exclude(depth=0).order_by()
    counts = {"reply_count": _counted(direct, "in_reply_to"), "thread_count": _counted(in_thread, "root")}
    if comments is None:
        all_of_them = PageComment.objects.filter(page_id__in=page_ids)
        all_of_them.update(reply_count=counts["reply_count"])
        all_of_them.filter(depth=0).update(thread_count=counts["thread_count"])
        return
    parents = {comment.in_reply_to_id for comment in comments} - {None}
    roots = {comment.root_id for comment in comments}
    PageComment.objects.filter(pk__in=parents | roots).update(
        reply_count=_only_of(parents, counts["reply_count"], "reply_count"),
        thread_count=_only_of(roots, counts["thread_count"], "thread_count"),
    )


def _only_of(keys, count, column: str):
    return Case(When(pk__in=keys, then=count), default=F(column), output_field=IntegerField())


def _counted(comments, column: str):
    """How many of ``comments`` there are for the outer row, which they name in ``column``."""
    return Coalesce(_aggregated(comments, column, Count("pk")), 0)


def _aggregated(comments, column: str, aggregate):
    return Subquery(comments.values(column).annotate(_found=aggregate).values("_found"))
