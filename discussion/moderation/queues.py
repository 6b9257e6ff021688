"""The queues of comments, what narrows them, and the way from one comment to the next in them.

A *selection* is a queue with filters, a search and an order, as an address says them: whoever keeps the address keeps the
selection, and the screen of one comment carries it along.
"""

from functools import cached_property

from django import forms
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from discussion.models import Decision, Flag, PageComment, Reason, Report, State
from discussion.permissions import PAGE_PATH_LENGTH, moderated_by, moderated_scope
from discussion.persons import KEY_LENGTH, person_key
from discussion.rules.catalogue import RULES
from discussion.transitions import version
from pages.json_rows import CountOf
from pages.models import Kind, SectionPage, TopicPage

CAP = 1000  # beyond it a count says “more than”
COUNTS_KEPT = 10  # seconds
MAX_KEY = 2**31 - 1


class Queue(TextChoices):
    PENDING = "pending", _("Pending")
    REPORTED = "reported", _("Reported")
    UNREVIEWED = "unreviewed", _("Unreviewed")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    REMOVED = "removed", _("Removed")
    ALL = "all", _("All")


class Sort(TextChoices):
    OLDEST = "oldest", _("Oldest first")
    NEWEST = "newest", _("Newest first")


# Those in which somebody waits for a decision are read in the order in which the comments came.
OLDEST_FIRST = {Queue.PENDING, Queue.REPORTED, Queue.UNREVIEWED}


def rule_choices() -> list[tuple[str, str]]:
    return [("", _("Any rule")), *((rule.name, rule.label) for rule in RULES)]


def in_queue(queue: Queue, comments: QuerySet) -> QuerySet:
    """Those of ``comments`` that belong to ``queue``."""
    if queue == Queue.REPORTED:
        # By the reports, of which there are few, to the comments, of which there are many.
        return comments.filter(pk__in=Report.objects.filter(settled_at=None).order_by().values("comment_id"))
    if queue == Queue.UNREVIEWED:
        return comments.filter(state=State.PUBLISHED, reviewed_at=None)
    return comments if queue == Queue.ALL else comments.filter(state=queue.value)


class _PageChoiceField(forms.ModelChoiceField):
    """Pages by key; what no database takes for a key is no page."""

    def to_python(self, value):
        text = str(value or "")
        if text and not (text.isascii() and text.isdecimal() and int(text) <= MAX_KEY):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return super().to_python(value)


class SelectionForm(forms.Form):
    """What narrows a queue. Every field may be empty; what is not understood is said at its field and left out."""

    use_required_attribute = False

    q = forms.CharField(
        label=_("Words"), required=False, max_length=200, help_text=_("In the comment, the name or the e-mail address.")
    )
    person = forms.CharField(
        label=_("Person"), required=False, max_length=254, help_text=_("A whole e-mail address, or a part of a name.")
    )
    section = _PageChoiceField(label=_("Section"), queryset=SectionPage.objects.none(), required=False)
    topic = _PageChoiceField(label=_("Topic"), queryset=TopicPage.objects.none(), required=False)
    kind = forms.ChoiceField(label=_("Beneath"), choices=[("", _("Any kind of page")), *Kind.choices], required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Any reason")), *Reason.choices], required=False)
    rule = forms.ChoiceField(label=_("Rule"), choices=rule_choices, required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=[("", _("As usual here")), *Sort.choices], required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=MAX_KEY, widget=forms.HiddenInput)

    def __init__(self, data):
        super().__init__(data, auto_id="filter-%s")
        self.fields["section"].queryset = SectionPage.objects.order_by("title", "pk").only("title", "path")
        self.fields["topic"].queryset = TopicPage.objects.order_by("title", "pk").only("title")

    @cached_property
    def chosen(self) -> dict:
        """What was understood, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    @property
    def narrows(self) -> bool:
        """Whether anything but the order was chosen."""
        return bool(set(self.chosen) - {"sort"})


class Selection:
    """The comments that ``user`` moderates and ``data`` (an address's query) asks for. Bad values narrow nothing."""

    def __init__(self, user, data: QueryDict):
        self.user = user
        asked = data.get("queue", "")
        self.queue = Queue(asked) if asked in Queue.values else Queue.PENDING
        self.form = SelectionForm(data)

    @property
    def query(self) -> str:
        """The selection as the query of an address."""
        query = QueryDict(mutable=True)
        query["queue"] = self.queue.value
        for name in self.form.chosen:
            query[name] = self.form.data[name]
        return query.urlencode()

    @property
    def oldest_first(self) -> bool:
        sort = self.form.chosen.get("sort")
        return sort == Sort.OLDEST if sort else self.queue in OLDEST_FIRST

    def comments(self) -> QuerySet:
        """In their order."""
        order = ["submitted_at", "pk"] if self.oldest_first else ["-submitted_at", "-pk"]
        moderated = PageComment.objects.filter(moderated_by(self.user))
        return in_queue(self.queue, moderated).filter(*self._conditions()).order_by(*order)

    def next_after(self, comment: PageComment) -> PageComment | None:
        """The one that follows ``comment``, whether or not that is still in the selection."""
        return self._beside(comment, later=self.oldest_first).only("pk").first()

    def last_before(self, comment: PageComment) -> PageComment | None:
        return self._beside(comment, later=not self.oldest_first).reverse().only("pk").first()

    def _beside(self, comment, *, later: bool):
        at, key = comment.submitted_at, comment.pk
        if later:
            # The first condition alone is a range of the index.
            beside = Q(submitted_at__gte=at) & (Q(submitted_at__gt=at) | Q(pk__gt=key))
        else:
            beside = Q(submitted_at__lte=at) & (Q(submitted_at__lt=at) | Q(pk__lt=key))
        return self.comments().filter(beside)

    def _conditions(self) -> list[Q]:
        conditions = {
            "q": _says,
            "person": _is_by,
            "section": _is_under,
            "topic": lambda topic: Q(page__page_topics__topic=topic),
            "kind": lambda kind: Q(page__kind=kind),
            "since": lambda day: Q(submitted_at__date__gte=day),
            "until": lambda day: Q(submitted_at__date__lte=day),
            "reason": _was_decided_for,
            "rule": lambda rule: Q(Exists(Flag.objects.filter(comment=OuterRef("pk"), rule=rule))),
            "page": lambda page: Q(page_id=page),
        }
        return [conditions[name](value) for name, value in self.form.chosen.items() if name in conditions]


def _says(words: str) -> Q:
    return Q(comment__icontains=words) | Q(user_name__icontains=words) | Q(user_email__icontains=words)


def _is_by(person: str) -> Q:
    if "@" in person:
        return Q(person_key=person_key(person))
    if person.startswith("user:") and person[5:].isascii() and person[5:].isdecimal() and len(person) < 15:
        return Q(user_id=int(person[5:]))
    if len(person) == KEY_LENGTH and set(person) <= set("0123456789abcdef"):
        return Q(person_key=person)
    return Q(user_name__icontains=person)


def _is_under(section) -> Q:
    return Q(page__path__gte=section.path, page__path__lte=section.path.ljust(PAGE_PATH_LENGTH, "Z"))


def _was_decided_for(reason: str) -> Q:
    return Q(Exists(Decision.objects.filter(comment=OuterRef("pk"), reason_code=reason, undone_at=None)))


def with_version(comments: QuerySet) -> QuerySet:
    """Each with its ``version``, as ``transitions.decide`` wants to know what a moderator has seen."""
    return comments.annotate(version=version())


def waiting_counts(user, **besides: QuerySet) -> dict[str, int]:
    """How many wait in each queue where somebody waits for ``user``; counted to ``CAP`` + 1, kept for some seconds.

    One query, each count over a part of an index; it counts ``besides`` too, to the end and anew each time.
    """
    key = f"discussion.waiting.{moderated_scope(user)}"
    counts = cache.get(key)
    wanted = {name: comments.order_by().values("pk") for name, comments in besides.items()}
    if counts is None:
        comments = PageComment.objects.filter(moderated_by(user)).order_by().values("pk")
        wanted |= {queue.value: in_queue(queue, comments)[: CAP + 1] for queue in OLDEST_FIRST}
    if not wanted:
        return counts
    # One row to hang the counts on: that of the account.
    row = get_user_model().objects.filter(pk=user.pk).annotate(**{name: CountOf(rows) for name, rows in wanted.items()})
    found = row.values(*wanted).get()
    if counts is None:
        counts = {queue.value: found[queue.value] for queue in OLDEST_FIRST}
        cache.set(key, counts, COUNTS_KEPT)
    return counts | {name: found[name] for name in besides}


def count_anew(user) -> None:
    """Forget the counts after ``user`` decided something: the next screen shows what is left."""
    cache.delete(f"discussion.waiting.{moderated_scope(user)}")


def in_words(count: int) -> str:
    """A count as it is shown."""
    return str(count) if count <= CAP else f"{CAP}+"
