"""One person's data, wherever it stands: found by an e-mail address, handed out, erased; and what time alone makes us forget.

Erased for good: what was said, under which name, from which address, and every row that tells of the person. Kept: the
place of a published comment in its thread, and an account, which its owner or an administrator deletes.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django_comments.models import Comment
from wagtail.models import ModelLogEntry, PageLogEntry

from discussion import quotas, search
from discussion.addresses import address_of
from discussion.erasure import NOBODY, wipe
from discussion.models import (
    Decision,
    Edit,
    LogEntry,
    Note,
    OutgoingMail,
    PageComment,
    Quota,
    Report,
    State,
    Subscription,
    Treatment,
)
from discussion.persons import person_key
from discussion.reporting import reporter_key
from discussion.rules.assessing import words
from discussion.transitions import decide, lock_discussions_of

BATCH = 500
KEPT = timedelta(days=30)
QUOTAS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Person:
    """Whoever has an e-mail address: the keys of accounts that have it too, and of browsers that commented under it as theirs.

    ``spellings``: the address as it stands in the tables. ``keys``: the person's, those of former addresses under which the
    accounts commented among them.
    """

    email: str
    spellings: list[str]
    key: str
    accounts: list[int]
    browsers: list[str]
    keys: list[str]


def find_person(email: str) -> Person:
    """The person behind ``email``, however it is written; one of whom nothing is known is found too, with nothing held.

    Raises ``ValueError`` for what is no address, half of one too: it would find those who gave none.
    """
    email = email.strip()
    name, _at, domain = (part.strip() for part in email.rpartition("@"))
    key = person_key(email)
    if not (name and domain and key):
        raise ValueError(f"{email!r} is no e-mail address")
    users = get_user_model().objects
    accounts = [pk for pk, written in _near(users, "email", email).values_list("pk", "email") if person_key(written) == key]
    person = Person(email, _spellings(email), key, accounts, [], [key])
    comments = comments_of(person).order_by()
    keys = {key, *comments.values_list("person_key", flat=True).distinct()} - {""}
    return replace(person, browsers=_browsers_behind(comments), keys=sorted(keys))


def _near(rows, field: str, email: str):
    """Those of ``rows`` whose address may be ``email``: databases compare capitals, some those of ASCII only, and know nothing
    of the ways in which a domain is written. ``person_key`` does."""
    return rows.filter(**{f"{field}__istartswith": email.rpartition("@")[0] + "@"})


def _spellings(email: str) -> list[str]:
    """``email`` as it stands in comments, wishes and mails, in whichever ways."""
    found = {email}
    for model, field in ((PageComment, "user_email"), (Subscription, "email"), (OutgoingMail, "to")):
        found.update(_near(model.objects, field, email).order_by().values_list(field, flat=True).distinct())
    return sorted(written for written in found if person_key(written) == person_key(email))


def _browsers_behind(comments) -> list[str]:
    """The keys of those browsers that left ``comments`` which are taken for the person's own.

    Anybody may have given the address: whoever was asked to confirm it is the person only if they once did, whatever a
    moderator decided about what they wrote. A hub that asks nobody has to take them at their word.
    """
    decided = Decision.objects.filter(comment=OuterRef("pk"), from_state=State.UNCONFIRMED)
    known = comments.exclude(author_key="").annotate(
        is_proven=Q(confirmed_at__isnull=False), was_asked=Q(state=State.UNCONFIRMED) | Exists(decided)
    )
    known = set(known.values_list("author_key", "is_proven", "was_asked").distinct())
    asked = {key for key, _is_proven, was_asked in known if was_asked}
    return sorted({key for key, is_proven, _was_asked in known if is_proven or key not in asked})


def comments_of(person: Person):
    return PageComment.objects.filter(Q(person_key=person.key) | Q(user_email__in=person.spellings) | Q(user__in=person.accounts))


def reports_by(person: Person):
    keys = [reporter_key(user_id=pk) for pk in person.accounts] + [reporter_key(author_key=key) for key in person.browsers]
    return Report.objects.filter(Q(by__in=person.accounts) | Q(reporter_key__in=keys))


def subscriptions_of(person: Person):
    return Subscription.objects.filter(Q(person_key=person.key) | Q(email__in=person.spellings) | Q(user__in=person.accounts))


def mails_to(person: Person):
    """To any address of theirs: what a moderator was alerted at formerly too."""
    return OutgoingMail.objects.filter(
        Q(to__in=person.spellings) | Q(subscription__in=subscriptions_of(person)) | Q(moderator__in=person.accounts)
    )


def subjects_of(person: Person) -> list[str]:
    """As notes, treatments and the record of moderation name them."""
    return [*person.keys, *(f"user:{pk}" for pk in person.accounts)]


def treatments_of(person: Person):
    """What moderators decided about the person; what holds for all of a mail domain is no one's own."""
    return Treatment.objects.filter(subject__in=subjects_of(person))


def notes_about(person: Person):
    return Note.objects.filter(Q(person__in=subjects_of(person)) | Q(comment__in=comments_of(person)))


def moderation_of(person: Person):
    """What the record of moderation says of the person and their comments."""
    return LogEntry.objects.filter(Q(person__in=subjects_of(person)) | Q(comment__in=comments_of(person)))


def held(person: Person) -> dict[str, int]:
    """How much there is of each kind, by what it is called."""
    comments = comments_of(person)
    return {
        _("Comments"): comments.count(),
        _("Earlier versions of comments"): Edit.objects.filter(comment__in=comments).count(),
        _("Reports made"): reports_by(person).count(),
        _("Subscriptions"): subscriptions_of(person).count(),
        _("Mails"): mails_to(person).count(),
        _("Bans, holds and trust"): treatments_of(person).count(),
        _("Moderators’ notes"): notes_about(person).count(),
        _("Log entries"): sum(1 for _entry in _log_entries(person.email)) + moderation_of(person).count(),
    }


def export(person: Person) -> dict:
    """Everything that is held of ``person``, as plain values for JSON. Other people are in it by no name or address."""
    comments = comments_of(person).for_queue().newest_first().annotate(reply_to_number=F("in_reply_to__number"))
    comments = comments.prefetch_related("decisions", "edits", "rule_flags")
    return {
        "email": person.email,
        "accounts": list(
            get_user_model()
            .objects.filter(pk__in=person.accounts)
            .values(
                "username", "first_name", "last_name", "email", "date_joined", "last_login", no_mail_since=F("no_mail__since")
            )
        ),
        "comments": [_exported_comment(comment) for comment in comments.iterator(chunk_size=BATCH)],
        "reports": [
            {
                "page": report.comment.page.title,
                "comment": address_of(report.comment),
                "reason": report.get_reason_display(),
                "text": report.text,
                "reported_at": report.reported_at,
                "settled_at": report.settled_at,
            }
            for report in reports_by(person).select_related("comment__page").defer("comment__page__body").order_by("pk")
        ],
        "subscriptions": [
            {
                "page": row.page.title,
                "address": row.page.full_url,
                "scope": row.get_scope_display(),
                "email": row.email,
                "created_at": row.created_at,
                "confirmed_at": row.confirmed_at,
                "ended_at": row.ended_at,
            }
            for row in subscriptions_of(person).select_related("page").defer("page__body").order_by("pk")
        ],
        "mails": list(mails_to(person).order_by("pk").values("kind", "to", "state", "created_at", "sent_at")),
        "treatments": list(treatments_of(person).order_by("pk").values("kind", "until", "reason", "at")),
        "notes": [
            {"comment": address_of(note.comment) if note.comment else "", "text": note.text, "at": note.at}
            for note in notes_about(person).select_related("comment__page").defer("comment__page__body").order_by("pk")
        ],
        "moderation": [
            {"action": entry.get_action_display(), "at": entry.at, "reason": entry.reason}
            | ({} if entry.before is None else {"before": entry.before})
            | ({} if entry.after is None else {"after": entry.after})
            for entry in moderation_of(person).order_by("pk")
        ],
        "log_entries": [
            {"action": entry.action, "label": entry.label, "at": entry.timestamp} for entry in _log_entries(person.email)
        ],
    }


def _exported_comment(comment: PageComment) -> dict:
    return {
        "page": comment.page.title,
        "address": address_of(comment),
        "number": comment.number,
        "in_reply_to": comment.reply_to_number,
        "about": comment.anchor_text,
        "state": comment.state,
        "submitted_at": comment.submitted_at,
        "published_at": comment.published_at,
        "edited_at": comment.edited_at,
        "confirmed_at": comment.confirmed_at,
        "name": comment.user_name,
        "email": comment.user_email,
        "position": comment.author_role,
        "organisation": comment.organisation,
        "internet_address": comment.ip_address,
        "text": comment.comment,
        "decisions": [
            {
                "at": made.decided_at,
                "from": made.from_state,
                "to": made.to_state,
                "reason_code": made.reason_code,
                "reason": made.reason,
                "message": made.message,
            }
            for made in comment.decisions.all()
        ],
        "flags": [{"at": flag.raised_at, "rule": flag.rule, "why": words(flag)} for flag in comment.rule_flags.all()],
        "edits": [{"at": edit.edited_at, "text_before": edit.text_before} for edit in comment.edits.all()],
    }


def erase(person: Person) -> dict[str, int]:
    """Erase what is held of ``person``, for ever; how much of each kind there was.

    A ban ends with it, since nothing is left to know them by. Comments come last: what leads to the rest stands with them,
    so that a run that was broken off can be repeated.
    """
    counts = held(person)
    with transaction.atomic():
        # First of all, as everybody does: in a request all this is one transaction.
        reported = reports_by(person).order_by().values("comment")
        lock_discussions_of(
            PageComment.objects.filter(Q(pk__in=reported) | Q(pk__in=comments_of(person).order_by().values("pk")))
        )
        reports_by(person).delete()
        # As whoever posts or follows, perhaps on a page that is not held: what is counted, wishes, mails that ask for them.
        counted = Quota.objects.filter(_quotas_of(person))
        counted.exclude(key__startswith=quotas.ASKING).delete()
        list(subscriptions_of(person).order_by("pk").select_for_update().values_list("pk"))
        mails_to(person).delete()  # only now: nobody can write another
        subscriptions_of(person).delete()
        counted.delete()
        treatments_of(person).delete()
        notes_about(person).delete()
        LogEntry.objects.filter(person__in=subjects_of(person)).update(**NOBODY)
        _clean_log_entries(person.email)
    erase_comments(comments_of(person), reason=_("Erased at the person’s request"))
    search.sweep()
    return counts


def erase_comments(comments, *, reason: str) -> None:
    """Erase ``comments`` (a queryset): batch by batch, in the order in which everybody locks pages."""
    keys = list(comments.order_by("page_id", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            outcome = decide(keys[start : start + BATCH], State.ERASED, by=None, reason=reason)
            if outcome.refused:  # erased before, by a way that left something
                wipe([comment.pk for comment in outcome.refused])


def _quotas_of(person: Person) -> Q:
    whose = Q(pk__in=[])
    for key in person.keys:
        whose |= Q(key__endswith=f":{key}")
    for pk in person.accounts:
        whose |= Q(key__endswith=f":user:{pk}")
    return whose


def _log_entries(email: str):
    """Wagtail's log entries that hold the address, which none of ours do."""
    begins = email.rpartition("@")[0] + "@"  # letters beyond ASCII may stand escaped in JSON
    for model in (ModelLogEntry, PageLogEntry):
        rows = model.objects.annotate(words=Cast("data", TextField()))
        for entry in rows.filter(Q(label__icontains=begins) | Q(words__icontains=begins)).iterator():
            words = f"{entry.label} {json.dumps(entry.data, ensure_ascii=False)}"
            if _without(email, words) != words:
                yield entry


def _clean_log_entries(email: str) -> None:
    for entry in _log_entries(email):
        data = json.loads(_without(email, json.dumps(entry.data, ensure_ascii=False)))
        type(entry).objects.filter(pk=entry.pk).update(label=_without(email, entry.label), data=data)


def _without(email: str, words: str) -> str:
    """``words`` with dots for the address, however it is written, but not in the middle of a longer one."""
    key, name = person_key(email), re.escape(email.rpartition("@")[0])
    addresses = re.compile(rf"(?<![\w.+-]){name}@[\w.-]*\w", re.IGNORECASE)
    return addresses.sub(lambda found: "…" if person_key(found[0]) == key else found[0], words)


# What time alone makes us forget; run daily.


def forget_networks(now=None) -> None:
    """Blank where comments and reports came from, a month after."""
    before = (now or timezone.now()) - KEPT
    _in_batches(
        PageComment.objects.filter(submitted_at__lt=before).exclude(network_key=""), lambda rows: rows.update(network_key="")
    )
    _in_batches(
        Comment.objects.filter(submit_date__lt=before, ip_address__isnull=False), lambda rows: rows.update(ip_address=None)
    )
    _in_batches(Report.objects.filter(reported_at__lt=before).exclude(network_key=""), lambda rows: rows.update(network_key=""))


def forget_leftovers(now=None) -> None:
    """Delete what serves nobody any more: counts of yesterday, words of comments that are gone from the index, and after a
    month what nobody confirmed.

    Not a subscription that was ended, though somebody asked for it again: so it stays ended. Of mails that went the record
    keeps when they went and what they were about, and forgets to whom.
    """
    now = now or timezone.now()
    before = now - KEPT
    _in_batches(Quota.objects.filter(started_at__lt=now - QUOTAS_KEPT), quotas.forget)
    done = OutgoingMail.objects.filter(created_at__lt=before).exclude(state=OutgoingMail.State.WAITING).exclude(to="")
    _in_batches(done, lambda rows: rows.update(to="", last_error=""))
    never_held = Subscription.objects.filter(created_at__lt=before, confirmed_at__isnull=True, ended_at__isnull=True)
    _in_batches(never_held, delete_subscriptions)
    _in_batches(PageComment.objects.filter(state=State.UNCONFIRMED, submitted_at__lt=before), _forget_unconfirmed)
    search.sweep()


def delete_subscriptions(rows) -> None:
    """Delete ``rows``, a queryset; the record of their mails stays."""
    _let_go(OutgoingMail.objects.filter(subscription__in=rows), "subscription")
    rows.delete()


def _let_go(mails, name: str) -> None:
    """Keep ``mails`` for the record when what they are about goes; those that never went will not go."""
    mails.filter(state=OutgoingMail.State.WAITING).update(state=OutgoingMail.State.DROPPED)
    mails.update(**{name: None}, to="", last_error="")


def _forget_unconfirmed(rows) -> None:
    """Delete comments, unless somebody confirmed them this moment. Those that were published for a while, and answered
    meanwhile, are erased instead: their answers are other people's."""
    lock_discussions_of(rows.order_by())
    answers = PageComment.objects.order_by().filter(in_reply_to=OuterRef("pk"))
    answered = list(rows.filter(Exists(answers)).values_list("pk", flat=True))
    decide(answered, State.ERASED, by=None, reason=_("Nobody confirmed the address"))
    _let_go(OutgoingMail.objects.filter(comment__in=rows), "comment")
    rows.delete()


def _in_batches(rows, act) -> None:
    """Do ``act`` to ``rows``, some at a time and each time in a transaction of its own; afterwards they are no such rows."""
    while keys := list(rows.order_by().values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            act(rows.filter(pk__in=keys))
