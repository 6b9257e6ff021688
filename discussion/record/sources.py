"""The tables that hold the record, and how a row of each reads. One more table is one more entry in ``SOURCES``."""

from dataclasses import dataclass

from django.db.models import Case, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from discussion.erasure import TO_THE_AUTHOR
from discussion.models import Decision, Edit, Flag, LogEntry, OutgoingMail, PageComment, Reason, Report, State, Treatment
from discussion.permissions import moderated_by, moderates_everything
from discussion.rules.assessing import label_of, words

NAMED = 2000
WALKED = 2_000  # rows of a table, in their order
# What a decision is called, by the state that it leads to.
DECIDED = {
    State.UNCONFIRMED: gettext_lazy("Put back to unconfirmed"),
    State.PENDING: gettext_lazy("Put back to pending"),
    State.PUBLISHED: gettext_lazy("Published"),
    State.REJECTED: gettext_lazy("Rejected"),
    State.SPAM: gettext_lazy("Marked as spam"),
    State.REMOVED: gettext_lazy("Removed"),
    State.ERASED: gettext_lazy("Erased"),
}
# As Django's own ``get_…_display`` has them, which makes a dictionary of all choices for each row that it is asked for.
STATES, REASONS, REPORTED = dict(State.choices), dict(Reason.choices), dict(Report.Reason.choices)
MAILS, MAIL_STATES = dict(OutgoingMail.Kind.choices), dict(OutgoingMail.State.choices)


@dataclass(frozen=True)
class Facts:
    """What one row says, in words."""

    what: str
    by_name: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    message: str = ""


class Scope:
    """What of the record is asked for by page and person, and what of that ``user`` may see.

    Most rows say only by their comment of which page and person they tell, so the comments are looked for first: where they
    are few, their keys are named. One query for the pages of who moderates sections, and one for the comments.
    """

    def __init__(self, user, page=None, person=None):
        self.acts = moderated_by(user, "page__")
        comments = PageComment.objects.order_by()
        narrowed = not moderates_everything(user)
        if narrowed:
            keys = list(Page.objects.filter(moderated_by(user, "")).order_by().values_list("pk", flat=True)[: NAMED + 1])
            if len(keys) <= NAMED:
                self.acts = Q(page_id__in=keys)
            comments = comments.filter(Q(page_id__in=keys) if len(keys) <= NAMED else moderated_by(user))
        if page is not None:
            narrowed, comments = True, comments.filter(page_id__in=page)
            self.acts &= Q(page_id__in=page)
        if person is not None:
            narrowed, comments = True, comments.filter(_written_by(person))
            self.acts &= Q(person=person)
        self.comments = comments.values("pk") if narrowed else None
        keys = list(comments.values_list("pk", flat=True)[: NAMED + 1]) if narrowed else []
        self.keys = keys if len(keys) <= NAMED else None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.comments is None

    def within(self, rows):
        """Those of ``rows`` that are about a comment asked for."""
        if self.is_whole:
            return rows
        return rows.filter(comment_id__in=self.comments if self.keys is None else self.keys)

    def walked(self, rows):
        """The same, each row looked up among the comments: for whoever reads ``rows`` in their own order.

        As a case and no plain condition, which PostgreSQL would make a join of and then begin at either end.
        """
        is_within = Case(When(comment_id__in=self.comments, then=Value(True)), default=Value(False))
        return rows.alias(is_within=is_within).filter(is_within=True)


def _written_by(person: str) -> Q:
    """The condition on comments that ``person``, as ``persons.subject_of`` names them, wrote them."""
    account = person.removeprefix("user:")
    return Q(person_key="", user_id=account) if account != person else Q(person_key=person)


class Source:
    """A table of the record, or one of two times that its rows tell of.

    ``at`` is the column that says when, ``by`` the one that says who, if any; there must be an index on ``at`` and the key,
    both descending. ``kinds`` are what one may ask for besides the whole source, as values of ``kind_column``.
    """

    name = ""
    label = ""
    model = None
    at = ""
    by = "by_id"
    kind_column = ""
    kinds: dict = {}
    related: tuple = ()
    of_history = Q()  # which rows stand in the history of one comment

    def matching(self, *, comment=None, by=None, since=None, until=None, kinds=None):
        """The rows that fit, of whatever comments; None where there can be none."""
        if by is not None and not self.by:
            return None
        rows = self.model._base_manager.filter(**{f"{self.at}__isnull": False})
        if kinds is not None and self.name not in kinds:
            wanted = [kind.removeprefix(f"{self.name}.") for kind in kinds if kind.startswith(f"{self.name}.")]
            if not wanted:
                return None
            rows = rows.filter(**{f"{self.kind_column}__in": wanted})
        asked = {"comment_id": comment, self.by: by, f"{self.at}__gte": since, f"{self.at}__lt": until}
        return self.loaded(rows.filter(**{column: value for column, value in asked.items() if value is not None}))

    def newest(self, rows, scope: Scope, count: int) -> list:
        """The ``count`` newest of ``rows`` within ``scope``, in one query or two.

        A database that is to find few rows of a scope in the order of all walks the whole table when those are old, and one
        that sorts all rows of a scope reads very many where the scope is large. So it walks a bounded part of the table,
        and sorts only when that was not enough.
        """
        in_order = rows.order_by(f"-{self.at}", "-pk")
        if scope.is_whole:
            return list(in_order[:count])
        if scope.keys is None:
            last = rows.order_by(f"-{self.at}").values(self.at)[WALKED : WALKED + 1]
            lately = list(self.walked(scope, in_order.filter(**{f"{self.at}__gte": Subquery(last)}))[:count])
            if len(lately) == count:
                return lately
        moment = Coalesce(self.at, self.at)  # an order that no index has, so that none is walked for it
        return list(self.within(scope, rows).order_by(moment.desc(), "-pk")[:count])

    def within(self, scope: Scope, rows):
        return scope.within(rows)

    def walked(self, scope: Scope, rows):
        return scope.walked(rows)

    def loaded(self, rows):
        return rows.select_related(*self.related) if self.related else rows  # with nothing named it would follow everything

    def facts(self, row) -> Facts:
        raise NotImplementedError

    def page_of(self, row) -> int | None:
        """The key of the page that the row itself names; None where only its comment does."""
        return None

    def person_of(self, row) -> str:
        """The same of the person."""
        return ""


class Decisions(Source):
    name = "decision"
    label = gettext_lazy("Decisions")
    model = Decision
    at = "decided_at"
    kind_column = "to_state"
    kinds = {state: DECIDED[state] for state in State if state != State.UNCONFIRMED}

    def facts(self, row):
        what = str(DECIDED[row.to_state])
        if row.is_undo:
            what = _("Taken back")
        elif row.undone_at:
            what = _("%(decision)s, taken back later") % {"decision": what}
        reasons = [REASONS.get(row.reason_code), row.reason]
        return Facts(
            what=what,
            by_name=row.by_name,
            before=str(STATES[row.from_state]),
            after=str(STATES[row.to_state]),
            reason=": ".join(str(reason) for reason in reasons if reason),
            message=row.message,
        )


class Edits(Source):
    """What a comment said before. What it said afterwards is what the next change found, or what it says now."""

    name = "edit"
    label = gettext_lazy("Text changes")
    model = Edit
    at = "edited_at"

    def facts(self, row):
        return Facts(what=_("Text changed"), by_name=row.by_name, before=row.text_before)


class Acts(Source):
    name = "act"
    label = gettext_lazy("Other acts")
    model = LogEntry
    at = "at"
    kind_column = "action"
    kinds = dict(LogEntry.Action.choices)

    def within(self, scope, rows):
        return rows.filter(scope.acts)

    walked = within

    def page_of(self, row):
        return row.page_id

    def person_of(self, row):
        return row.person

    def facts(self, row):
        return Facts(
            what=str(row), by_name=row.by_name, before=in_words(row.before), after=in_words(row.after), reason=row.reason
        )


class Reports(Source):
    name = "report"
    label = gettext_lazy("Reports by readers")
    model = Report
    at = "reported_at"
    related = ("by",)

    def facts(self, row):
        reason = ": ".join(filter(None, [str(REPORTED[row.reason]), row.text]))
        return Facts(what=_("Reported"), by_name=str(row.by) if row.by else _("a guest"), reason=reason)


class Settlements(Source):
    """Reports that were answered: by which decision, the entry of the same moment says."""

    name = "settled"
    label = gettext_lazy("Reports answered")
    model = Report
    at = "settled_at"
    by = "settled_by_id"

    def facts(self, row):
        return Facts(what=_("Report answered"), by_name=row.settled_by_name, reason=str(REPORTED[row.reason]))


class Flags(Source):
    """What rules found in a comment as it stands: when it is changed, they look anew."""

    name = "flag"
    label = gettext_lazy("Rules that fired")
    model = Flag
    at = "raised_at"
    by = ""

    def facts(self, row):
        weight = _("weight %(weight)d") % {"weight": row.weight} if row.weight else ""
        effect = row.get_effect_display() if row.effect else ""
        return Facts(
            what=_("Rule: %(rule)s") % {"rule": label_of(row.rule)},
            after=", ".join(str(part) for part in (effect, weight) if part),
            reason=words(row),
        )


class Mails(Source):
    """Mails. Of those to whom they went, moderators only are named; a month later nobody knows the others any more."""

    name = "mail"
    label = gettext_lazy("Mails")
    model = OutgoingMail
    at = "created_at"
    by = ""
    kind_column = "kind"
    kinds = MAILS
    related = ("decision", "moderator", "subscription")
    of_history = Q(kind__in=TO_THE_AUTHOR)

    def facts(self, row):
        """Who wrote the message, or decided what it tells of; an alert says to whom it went."""
        to = _("to %(name)s") % {"name": row.moderator} if row.moderator else ""
        return Facts(
            what=_("Mail: %(kind)s") % {"kind": MAILS[row.kind]},
            by_name=row.decision.by_name if row.decision else "",
            after=str(MAIL_STATES[row.state]),
            reason=to or row.last_error,
        )

    def page_of(self, row):
        return row.subscription.page_id if row.subscription and row.comment_id is None else None


SOURCES: list[Source] = [Decisions(), Edits(), Acts(), Reports(), Settlements(), Flags(), Mails()]


def kinds() -> list[tuple]:
    """What one may ask the record for, as choices of a form: a source, or a kind of it."""
    choices = []
    for source in SOURCES:
        if source.kinds:
            of_it = [(f"{source.name}.{kind}", label) for kind, label in source.kinds.items()]
            choices.append((source.label, [(source.name, _("All of these")), *of_it]))
        else:
            choices.append((source.name, source.label))
    return choices


def kinds_without_followers() -> list[str]:
    """All kinds but the mails to followers, of which there are as many as comments times followers."""
    to_followers = {OutgoingMail.Kind.REPLY, OutgoingMail.Kind.NEW}
    others = [f"{Mails.name}.{kind}" for kind in OutgoingMail.Kind if kind not in to_followers]
    return [*(source.name for source in SOURCES if source.name != Mails.name), *others]


def in_words(value) -> str:
    """A value out of a log entry's JSON, for people to read."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(_named(key, part) for key, part in sorted(value.items()) if part not in (None, ""))
    if isinstance(value, list):
        return ", ".join(in_words(part) for part in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value)


def _named(key: str, value) -> str:
    """A value with its name; a treatment and its end as they are called everywhere else."""
    if key == "treatment":
        return str(dict(Treatment.Kind.choices).get(value, value))
    if key == "until" and (moment := parse_datetime(value)):
        return _("until %(moment)s") % {"moment": date_format(timezone.localtime(moment), "DATETIME_FORMAT")}
    return f"{key}: {in_words(value)}"
