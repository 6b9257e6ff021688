"""Somebody whose data stands wherever a person's data can stand, in words that stand nowhere else."""

import io
import uuid

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from discussion import record
from discussion.models import (
    Decision,
    Discussion,
    Edit,
    Flag,
    OutgoingMail,
    PageComment,
    Quota,
    Report,
    Subscription,
)
from discussion.notes import write_note
from discussion.persons import network_key, person_key
from discussion.posting import post_comment
from discussion.transitions import decide
from discussion.treatments import treat
from tests import factories

EMAIL = "Wilhelmina.Rumpel@Quagmire.example"
# Words that stand nowhere but where this person's data stands.
CANARIES = {
    "name": "Wilhelmina",
    "e-mail": "quagmire.example",
    "words": "zanzibarine",
    "earlier words": "yesteryearling",
    "position": "ferrywoman",
    "organisation": "Quicksand Trust",
    "words of a report": "xylophonic",
    "key of the browser": "browserkeyofrumpel",
    "key of the person": person_key(EMAIL),
    "internet address": "192.0.2.77",
    "network": network_key("192.0.2.77"),
    "address of a homepage": "rumpel-home",
    "moderators' words": "vexatious",
    "words of a note": "whifflesome",
    "words of a note on a comment": "crotchety",
    "reason of a treatment": "obstreperous",
    "words in the record": "querimonious",
    "words that a rule matched": "mumpsimus.example",
}
STATES = ["unconfirmed", "pending", "published", "rejected", "spam", "removed", "erased"]


def everything() -> str:
    """Every column of every row of every table, as text."""
    text = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            columns = ", ".join(connection.ops.quote_name(field.column) for field in model._meta.local_concrete_fields)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
                text += [f"{model.__name__}: {row!r}" for row in cursor.fetchall()]
    return "\n".join(text).lower()


def found(canaries=CANARIES, text=None) -> set[str]:
    """Which of the person's data the database holds."""
    text = everything() if text is None else text
    return {what for what, word in canaries.items() if word.lower() in text}


def by_person(page, state="published", reply_to=None, **values) -> PageComment:
    """A comment in ``state`` by the person, with something of theirs in every column."""
    values = {
        "text": "It was zanzibarine.",
        "name": "Wilhelmina Rumpel",
        "email": EMAIL,
        "author_role": "ferrywoman",
        "organisation": "Quicksand Trust",
        "author_key": "browserkeyofrumpel",
        "address": "192.0.2.77",
    } | values
    held = state in {"unconfirmed", "pending"}
    comment = post_comment(page, factories.submission(**values, reply_to=reply_to.number if reply_to else None), hold=held)
    PageComment.objects.filter(pk=comment.pk).update(
        ip_address="192.0.2.77", user_url="https://rumpel-home.example/", confirmed_at=timezone.now()
    )
    now = timezone.now()
    Flag.objects.create(comment=comment, rule="sender", weight=10, detail={"domain": "mumpsimus.example", "disposable": False})
    Edit.objects.create(comment=comment, text_before="It was yesteryearling.", by_name="Wilhelmina Rumpel", edited_at=now)
    if state == "erased":
        # As it was left before erasing took anything away.
        PageComment.objects.filter(pk=comment.pk).update(state="erased", is_removed=True)
        Decision.objects.create(
            comment=comment, from_state="published", to_state="erased", by_name="Wilhelmina Rumpel", decided_at=timezone.now()
        )
    elif state == "unconfirmed":
        PageComment.objects.filter(pk=comment.pk).update(state="unconfirmed")
        Discussion.objects.filter(page=page).update(pending_count=0)
    elif state not in {"pending", "published"}:
        decide([comment.pk], state, by=None, reason="Too vexatious")
    return PageComment.objects.get(pk=comment.pk)


def mail(kind, to, **about) -> OutgoingMail:
    return OutgoingMail.objects.create(key=uuid.uuid4().hex, kind=kind, to=to, last_error=f"550 {to}", **about)


def plant(article, section, moderator) -> dict[str, PageComment]:
    """The person's data wherever data can stand, with other people's beside it."""
    other_page = factories.ArticlePageFactory(parent=section, title="Elsewhere")
    comments = {}
    for state in STATES:
        comments[state] = by_person(article, state)
        by_person(other_page, state)
    stranger = factories.comment(other_page, name="Theodora", email="theodora@others.example", text="Undisturbed")
    replied = factories.comment(article, name="Theodora", email="theodora@others.example", reply_to=comments["published"])
    by_person(article, reply_to=replied)
    Report.objects.create(
        comment=stranger,
        reason="other",
        text="So xylophonic",
        reporter_key="browser:browserkeyofrumpel",
        network_key=network_key("192.0.2.77"),
    )
    Report.objects.create(comment=comments["published"], reason="spam", text="Wilhelmina again", reporter_key="browser:t")
    for scope in ("replies", "page", "decision"):
        wish = Subscription.objects.create(
            page=other_page, scope=scope, email=EMAIL.lower(), person_key=person_key(EMAIL), confirmed_at=timezone.now()
        )
        mail("new", EMAIL.lower(), subscription=wish, comment=stranger)
    theirs = Subscription.objects.create(
        page=article, scope="page", email="theodora@others.example", person_key=person_key("theodora@others.example")
    )
    mail("reply", EMAIL, comment=stranger, state="sent")
    mail("confirm", EMAIL, comment=comments["unconfirmed"])
    mail("decided", EMAIL, comment=comments["rejected"], decision=comments["rejected"].decisions.get())
    mail("new", "theodora@others.example", comment=comments["published"], subscription=theirs)
    for key in (f"post:person:{person_key(EMAIL)}", f"confirm:{person_key(EMAIL)}"):
        Quota.objects.create(key=key, started_at=timezone.now())
    Quota.objects.create(key="post:person:somebody", started_at=timezone.now())
    treat(person_key(EMAIL), "hold", by=moderator, about="Wilhelmina Rumpel", reason="Too obstreperous")
    treat(person_key(EMAIL), "ban", by=moderator, about="Wilhelmina Rumpel", reason="Too obstreperous")
    treat("@others.example", "hold", by=moderator, about="@others.example", reason="A campaign")
    write_note("Rather whifflesome.", by=moderator, person=person_key(EMAIL), about="Wilhelmina Rumpel")
    write_note("Merely crotchety.", by=moderator, comment=comments["published"], about="Wilhelmina Rumpel")
    write_note("Kept with Theodora.", by=moderator, comment=stranger, about="Theodora")
    said = {"before": {"text": "zanzibarine"}, "after": {"text": "…"}, "reason": "Too querimonious"}
    record.write("redact", by=moderator, comment=comments["published"], about="Wilhelmina Rumpel", **said)
    log(moderator, "wagtail.edit", user=moderator, data={"to": EMAIL, "also": ["kept"]})
    log(article, "wagtail.edit", user=moderator, data={"note": f"asked by {EMAIL.lower()}."})
    ModelLogEntry.objects.update(label=f"Mail to {EMAIL}")
    return comments


def exported(email=EMAIL, **options) -> str:
    """What the command hands out of the person."""
    out = io.StringIO()
    call_command("export_person", email, stdout=out, **options)
    return out.getvalue()
