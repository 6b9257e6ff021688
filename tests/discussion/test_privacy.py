"""One person's data: found everywhere, handed out whole, erased without a trace, and forgotten with time."""

import io
import json
import uuid
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry

from discussion import privacy, record
from discussion.models import (
    Decision,
    Discussion,
    Edit,
    LogEntry,
    Note,
    OutgoingMail,
    PageComment,
    Quota,
    Report,
    Subscription,
    Treatment,
)
from discussion.notes import write_note
from discussion.persons import network_key, person_key
from discussion.posting import post_comment
from discussion.transitions import decide
from discussion.treatments import treat
from hub.jobs import JOBS
from tests import factories
from tests.conftest import client_of, in_group
from tests.discussion.test_admin import said
from tests.discussion.truth import assert_counts_hold

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


@pytest.fixture
def planted(article, section, moderator):
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


def test_erasing_a_person_leaves_nothing_of_them_in_any_table(planted, article):
    assert found() == set(CANARIES)

    privacy.erase(privacy.find_person(EMAIL.upper()))

    assert found() == set()
    assert_counts_hold(article)


@pytest.mark.parametrize("canary", CANARIES)
def test_one_forgotten_column_would_be_found(planted, article, canary):
    privacy.erase(privacy.find_person(EMAIL))
    PageComment.objects.filter(page=article).update(anchor_text=CANARIES[canary])
    assert found() == {canary}


def test_erasing_a_person_leaves_other_people_alone(planted, article):
    privacy.erase(privacy.find_person(EMAIL))
    theirs = PageComment.objects.filter(user_email="theodora@others.example")
    assert set(theirs.values_list("state", "user_name")) == {("published", "Theodora")}
    assert theirs.count() == 2
    assert Subscription.objects.get().email == "theodora@others.example"
    assert set(OutgoingMail.objects.values_list("to", "state")) == {("theodora@others.example", "dropped")}
    assert Quota.objects.get().key == "post:person:somebody"
    assert Report.objects.count() == 0
    assert Treatment.objects.get().subject == "@others.example"
    assert Note.objects.get().text == "Kept with Theodora."
    assert set(LogEntry.objects.values_list("action", "about", "before", "person")) >= {
        ("treat", "", None, ""),
        ("note", "", None, ""),
        ("redact", "", None, ""),
        ("treat", "@others.example", None, ""),
        ("note", "Theodora", None, ""),
    }
    assert ModelLogEntry.objects.get().data == {"to": "…", "also": ["kept"]}
    assert ModelLogEntry.objects.get().label == "Mail to …"
    assert PageLogEntry.objects.get(action="wagtail.edit").data["note"] == "asked by …."


def test_shape_of_the_thread_is_kept(client, planted, article):
    shape = list(PageComment.objects.filter(page=article).order_by("pk").values_list("pk", "path", "in_reply_to"))
    numbers = dict(PageComment.objects.filter(page=article).values_list("pk", "number"))
    privacy.erase(privacy.find_person(EMAIL))
    after = PageComment.objects.filter(page=article)
    assert list(after.order_by("pk").values_list("pk", "path", "in_reply_to")) == shape
    stood = {planted[state].pk for state in ("published", "removed", "erased")}
    for comment in after.exclude(user_email="theodora@others.example", state="published"):
        assert comment.state == "erased"
        if comment.pk in stood or comment.depth == 2:
            assert comment.number == numbers[comment.pk]
        else:
            assert (comment.number, comment.is_standing) == (None, False)
    page = client.get(article.url).content.decode()
    assert "Theodora" in page
    assert "Wilhelmina" not in page
    assert f'id="comment-{numbers[planted["published"].pk]}"' in page
    assert Discussion.objects.get(page=article).last_number >= max(number or 0 for number in numbers.values())


@pytest.mark.parametrize("state", ["rejected", "spam", "pending"])
def test_replies_hidden_by_a_moderator_do_not_return_when_the_comment_above_is_erased(client, article, state):
    top = by_person(article)
    reply = factories.comment(article, reply_to=top, text="Hidden with it")
    decide([top.pk], state, by=None)
    privacy.erase(privacy.find_person(EMAIL))
    assert "Hidden with it" not in client.get(article.url).content.decode()
    assert PageComment.objects.get(pk=reply.pk).hidden_by_ancestor
    assert_counts_hold(article)
    assert factories.comment(article).number == 3


def test_erasing_an_account_holders_data_leaves_the_account(article, reader):
    comment = by_person(article, user=reader, email="old@quagmire.example", author_key="")
    other = factories.comment(article)
    Report.objects.create(comment=other, reason="spam", by=reader, reporter_key=f"account:{reader.pk}")
    Subscription.objects.create(page=article, scope="page", email="old@quagmire.example", person_key="k", user=reader)
    Quota.objects.create(key=f"post:person:user:{reader.pk}", started_at=timezone.now())
    Decision.objects.create(
        comment=comment, from_state="pending", to_state="published", by=reader, by_name=str(reader), decided_at=timezone.now()
    )
    counts = privacy.erase(privacy.find_person(reader.email.upper()))
    assert counts["Comments"] == 1
    comment = PageComment.objects.get(pk=comment.pk)
    assert (comment.state, comment.user) == ("erased", None)
    assert [model.objects.count() for model in (Report, Subscription, Quota)] == [0, 0, 0]
    assert not Decision.objects.exclude(by=None, by_name="").exists()
    reader.refresh_from_db()
    assert reader.is_active


def test_moderators_keep_their_names_on_what_they_decided(article, moderator):
    comment = by_person(article)
    decide([comment.pk], "spam", by=moderator)
    decide([comment.pk], "published", by=moderator)
    privacy.erase(privacy.find_person(EMAIL))
    privacy.erase(privacy.find_person(moderator.email))
    names = list(Decision.objects.values_list("to_state", "by_name").order_by("pk"))
    assert names == [("spam", str(moderator)), ("published", str(moderator)), ("erased", "")]


def test_address_within_a_longer_one_is_another_persons(article, moderator):
    for email in ("xann@b.example", "ann@b.example.org", "ann@b.example-two"):
        factories.comment(article, email=email, name=f"Not {email}")
        log(moderator, "wagtail.edit", data={"to": email})
    person = privacy.find_person("ann@b.example")
    assert set(privacy.held(person).values()) == {0}
    privacy.erase(person)
    assert PageComment.objects.filter(state="published").count() == 3
    assert [entry.data["to"] for entry in ModelLogEntry.objects.order_by("pk")] == [
        "xann@b.example",
        "ann@b.example.org",
        "ann@b.example-two",
    ]


@pytest.mark.parametrize("email", ["", "  ", "nobody", "%"])
def test_what_is_no_address_finds_nobody(article, email):
    factories.comment(article, email="")
    with pytest.raises(ValueError, match="no e-mail address"):
        privacy.find_person(email)


def test_erasing_again_is_harmless(planted, article):
    person = privacy.find_person(EMAIL)
    privacy.erase(person)
    before = everything()
    assert set(privacy.erase(privacy.find_person(EMAIL)).values()) == {0}
    assert everything() == before


def test_comments_erased_by_an_earlier_way_are_emptied_without_a_second_record(article):
    comment = by_person(article, "erased")
    privacy.erase(privacy.find_person(EMAIL))
    assert found() == set()
    assert list(comment.decisions.values_list("to_state", "by_name")) == [("erased", "")]


def test_erasing_many_costs_as_many_queries_as_few(article, section, monkeypatch):
    other = factories.ArticlePageFactory(parent=section)

    def cost(count):
        for n in range(count):
            by_person(other if n % 2 else article, "rejected" if n % 3 == 0 else "published")
        with CaptureQueriesContext(connection) as queries:
            privacy.erase(privacy.find_person(EMAIL))
        return len(queries)

    cost(2)
    few = cost(4)
    assert cost(24) == few
    assert few <= 70
    monkeypatch.setattr(privacy, "BATCH", 2)
    cost(5)
    assert found() == set()
    assert_counts_hold(article)


# Handing out


def test_export_holds_everything_of_the_person_and_nobody_elses(planted, article, moderator):
    PageComment.objects.filter(pk=planted["published"].pk).update(anchor_text="The film")
    export = json.loads(_exported())
    text = json.dumps(export, ensure_ascii=False).lower()
    own = set(CANARIES) - {"key of the browser", "key of the person", "network", "address of a homepage"}
    assert found({what: CANARIES[what] for what in own}, text) == own
    for hidden in ("theodora", "undisturbed", str(moderator), "browserkey", person_key(EMAIL)):
        assert hidden.lower() not in text
    comments = export["comments"]
    assert len(comments) == 15
    assert {comment["state"] for comment in comments} == set(STATES)
    one = next(comment for comment in comments if comment["number"] == planted["published"].number and comment["about"])
    assert one | {"submitted_at": "", "published_at": "", "confirmed_at": "", "edits": []} == {
        "page": "A dry street",
        "address": f"http://127.0.0.1:8000/discussion/{article.pk}/{planted['published'].number}/",
        "number": planted["published"].number,
        "in_reply_to": None,
        "about": "The film",
        "state": "published",
        "submitted_at": "",
        "published_at": "",
        "edited_at": None,
        "confirmed_at": "",
        "name": "Wilhelmina Rumpel",
        "email": EMAIL,
        "position": "ferrywoman",
        "organisation": "Quicksand Trust",
        "internet_address": "192.0.2.77",
        "text": "It was zanzibarine.",
        "decisions": [],
        "edits": [],
    }
    assert [edit["text_before"] for edit in one["edits"]] == ["It was yesteryearling."]
    rejected = next(comment for comment in comments if comment["state"] == "rejected")
    assert [(made["from"], made["to"], made["reason"]) for made in rejected["decisions"]] == [
        ("published", "rejected", "Too vexatious")
    ]
    assert [(row["reason"], row["text"]) for row in export["reports"]] == [("Something else", "So xylophonic")]
    assert {(row["page"], row["email"]) for row in export["subscriptions"]} == {("Elsewhere", EMAIL.lower())}
    assert sorted(row["kind"] for row in export["mails"]) == ["confirm", "decided", "new", "new", "new", "reply"]
    assert [(row["kind"], row["reason"]) for row in export["treatments"]] == [("ban", "Too obstreperous")]
    assert [row["text"] for row in export["notes"]] == ["Rather whifflesome.", "Merely crotchety."]
    assert [bool(row["comment"]) for row in export["notes"]] == [False, True]
    assert [(row["action"], row["reason"]) for row in export["moderation"]] == [
        ("Person or domain treated", "Too obstreperous"),
        ("Person or domain treated", "Too obstreperous"),
        ("Note written", ""),
        ("Note written", ""),
        ("Redacted", "Too querimonious"),
    ]
    assert len(export["log_entries"]) == 2


def _exported(email=EMAIL, **options) -> str:
    out = io.StringIO()
    call_command("export_person", email, stdout=out, **options)
    return out.getvalue()


def test_export_of_an_account_names_it(article, reader):
    by_person(article, user=reader, email=reader.email)
    export = json.loads(_exported(reader.email))
    assert [account["username"] for account in export["accounts"]] == [reader.username]
    assert "password" not in json.dumps(export)
    assert len(export["comments"]) == 1


def test_export_of_nobody_is_empty(article):
    export = json.loads(_exported("nobody@nowhere.example"))
    assert export == {
        "email": "nobody@nowhere.example",
        "accounts": [],
        "comments": [],
        "reports": [],
        "subscriptions": [],
        "mails": [],
        "treatments": [],
        "notes": [],
        "moderation": [],
        "log_entries": [],
    }


def test_export_changes_nothing(planted):
    before = everything()
    _exported()
    assert everything() == before


def test_export_costs_the_same_for_few_and_many(article, section):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            privacy.export(privacy.find_person(EMAIL))
        return len(queries)

    def plant():
        page = factories.ArticlePageFactory(parent=section)
        reported = factories.comment(page)
        by_person(page, "rejected")
        by_person(page, "pending")
        Report.objects.create(comment=reported, reason="spam", reporter_key="browser:browserkeyofrumpel")
        Subscription.objects.create(page=page, scope="page", email=EMAIL, person_key=person_key(EMAIL))
        write_note("On a comment", by=None, comment=PageComment.objects.filter(page=page, state="pending").get())
        write_note("On the person", by=None, person=person_key(EMAIL))

    plant()
    cost()
    few = cost()
    for _ in range(10):
        plant()
    assert cost() == few


# The commands


def test_export_goes_into_a_file_when_asked(planted, tmp_path):
    assert _exported(output=tmp_path / "person.json") == ""
    assert json.loads((tmp_path / "person.json").read_text()) == json.loads(_exported())
    with pytest.raises(CommandError, match="No such file"):
        _exported(output=tmp_path / "nowhere" / "person.json")


@pytest.mark.parametrize("command", ["export_person", "erase_person"])
def test_commands_refuse_what_is_no_address(db, command):
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command(command, "rumpel")


def test_erasing_command_says_what_it_erased(planted):
    out = io.StringIO()
    call_command("erase_person", EMAIL, yes=True, stdout=out)
    assert out.getvalue().splitlines() == [
        "Comments: 15",
        "Earlier versions of comments: 15",
        "Reports made: 1",
        "Subscriptions: 3",
        "Mails: 6",
        "Bans, holds and trust: 1",
        "Moderators’ notes: 2",
        "Log entries: 7",
        "Moderators’ ban, hold or trust for them has ended with it: they may comment as anybody may.",
        "Erased. Published comments leave an empty place, so that replies keep theirs.",
    ]
    assert found() == set()


@pytest.mark.parametrize(("typed", "erased"), [("yes", True), (" YES ", True), ("y", False), ("", False), (None, False)])
def test_erasing_command_asks_first(article, monkeypatch, typed, erased):
    by_person(article)

    def answer(question):
        if typed is None:
            raise EOFError
        return typed

    monkeypatch.setattr("builtins.input", answer)
    if erased:
        call_command("erase_person", EMAIL, stdout=io.StringIO())
    else:
        with pytest.raises(CommandError, match="Nothing was erased."):
            call_command("erase_person", EMAIL, stdout=io.StringIO())
    assert found() == (set() if erased else found())
    assert bool(found()) != erased


def test_erasing_command_says_that_the_account_stays_and_that_nothing_is_held(reader):
    out = io.StringIO()
    call_command("erase_person", reader.email, stdout=out)
    assert "Nothing is held." in out.getvalue()
    assert "not deleted: 1" in out.getvalue()


# The screen in the admin

SCREEN, DOWNLOAD, ERASE = (
    "discussion_personal_data",
    "discussion_personal_data_download",
    "discussion_personal_data_erase",
)


@pytest.fixture
def keeper_client(db):
    """Whoever may see personal data and nothing else."""
    group = Group.objects.create(name="Data protection")
    group.permissions.set(Permission.objects.filter(codename__in=["personal_data", "access_admin"]))
    return client_of(in_group("keeper", "Data protection"))


ROLES = {
    "reader": "/admin/login/",
    "editor": "/admin/",
    "publisher": "/admin/",
    "moderator": "/admin/",
    "keeper": None,
    "administrator": None,
}


@pytest.mark.parametrize(("role", "refused_to"), ROLES.items())
def test_who_may_see_and_erase_personal_data(request, article, role, refused_to):
    by_person(article)
    visitor = request.getfixturevalue(f"{role}_client")
    answers = [visitor.get(reverse(SCREEN)), visitor.post(reverse(SCREEN), {"email": EMAIL})]
    answers.append(visitor.post(reverse(DOWNLOAD), {"email": EMAIL}))
    for answer in answers:
        if refused_to:
            assert answer["Location"].partition("?")[0] == refused_to
        else:
            assert answer.status_code == 200
        assert "zanzibarine" not in answer.content.decode() or not refused_to
    answer = visitor.post(reverse(ERASE), {"email": EMAIL, "confirmed": "yes"})
    assert answer["Location"].partition("?")[0] == (refused_to or reverse(SCREEN))
    assert (found() == set()) == (refused_to is None)


@pytest.mark.parametrize(("role", "refused_to"), [pair for pair in ROLES.items() if pair[0] != "reader"])
def test_entry_in_the_settings_menu(request, db, role, refused_to):
    page = request.getfixturevalue(f"{role}_client").get("/admin/").content.decode()
    assert ("/admin/discussion/personal-data/" in page) == (refused_to is None)


def test_permission_is_on_the_group_form_and_nobody_has_it(administrator_client, db):
    permission = Permission.objects.get(content_type__app_label="discussion", codename="personal_data")
    assert not permission.group_set.exists()
    page = administrator_client.get("/admin/groups/new/").content.decode()
    assert "Can export and erase the personal data of commenters" in page


def test_screen_shows_what_is_held_and_downloads_it(keeper_client, planted):
    page = keeper_client.post(reverse(SCREEN), {"email": f" {EMAIL} "}).content.decode()
    for shown in ("Comments: 15", "Subscriptions: 3", "Mails: 6", "zanzibarine", "Elsewhere", "Download as JSON"):
        assert shown in page
    assert "Theodora" not in page
    answer = keeper_client.post(reverse(DOWNLOAD), {"email": EMAIL})
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert json.loads(answer.content) == json.loads(_exported())
    assert "no-store" in answer["Cache-Control"]


def test_screen_erases_after_a_second_confirmation(keeper_client, planted):
    before = everything()
    question = keeper_client.post(reverse(ERASE), {"email": EMAIL})
    assert "This cannot be undone." in question.content.decode()
    assert everything() == before
    answer = keeper_client.post(reverse(ERASE), {"email": EMAIL, "confirmed": "yes"}, follow=True)
    assert said(answer) == [
        "Erased. Comments: 15, Earlier versions of comments: 15, Reports made: 1, Subscriptions: 3, Mails: 6, "
        "Bans, holds and trust: 1, Moderators’ notes: 2, Log entries: 7.",
        "Moderators’ ban, hold or trust for them has ended with it: they may comment as anybody may.",
    ]
    assert found() == set()
    done = ModelLogEntry.objects.get(action="discussion.erase_person")
    assert (done.user.username, done.data) == ("keeper", {"count": 50})


def test_screen_says_that_the_account_stays(keeper_client, article, reader):
    by_person(article, user=reader, email=reader.email)
    page = keeper_client.post(reverse(SCREEN), {"email": reader.email}).content.decode()
    assert "One account has this address" in page
    answer = keeper_client.post(reverse(ERASE), {"email": reader.email, "confirmed": "yes"}, follow=True)
    assert said(answer)[1] == "One account has this address. It was not deleted."


def test_screen_of_somebody_unknown_offers_nothing(keeper_client, article):
    page = keeper_client.post(reverse(SCREEN), {"email": "nobody@nowhere.example"}).content.decode()
    assert "Comments: 0" in page
    assert "Download as JSON" not in page


@pytest.mark.parametrize("name", [SCREEN, DOWNLOAD, ERASE])
@pytest.mark.parametrize("email", ["", "nobody", "a\x00b@c.example", f"{'x' * 250}@c.example"])
def test_wrong_address_is_said_in_place(keeper_client, article, name, email):
    answer = keeper_client.post(reverse(name), {"email": email, "confirmed": "yes"})
    assert answer.status_code == 400
    assert "error" in answer.content.decode()
    assert not ModelLogEntry.objects.exists()


@pytest.mark.parametrize("name", [DOWNLOAD, ERASE])
def test_address_is_in_no_url(keeper_client, article, name):
    by_person(article)
    assert keeper_client.get(reverse(name), {"email": EMAIL, "confirmed": "yes"}).status_code == 405
    assert "zanzibarine" not in keeper_client.get(reverse(SCREEN), {"email": EMAIL}).content.decode()
    assert found() != set()


@pytest.mark.parametrize("name", [SCREEN, DOWNLOAD, ERASE])
def test_another_site_cannot_ask_for_personal_data(administrator, article, name):
    browser = client_of(administrator)
    browser.handler.enforce_csrf_checks = True
    assert browser.post(reverse(name), {"email": EMAIL, "confirmed": "yes"}).status_code == 403


def test_screen_costs_the_same_for_few_and_many(administrator_client, article, reader):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            administrator_client.post(reverse(SCREEN), {"email": EMAIL})
        return len(queries)

    by_person(article, user=reader)
    cost()
    few = cost()
    for _ in range(12):
        by_person(article, user=reader)
    assert cost() == few


# What time alone makes us forget

NOW = datetime(2026, 6, 30, 12, tzinfo=timezone.get_default_timezone())
MONTH, DAY = timedelta(days=30), timedelta(days=1)


@pytest.fixture(params=[500, 2])
def batch(request, monkeypatch):
    monkeypatch.setattr(privacy, "BATCH", request.param)


def test_networks_are_forgotten_after_thirty_days(article, batch):
    moments = [NOW - MONTH - DAY] * 5 + [NOW - MONTH + DAY] * 3
    for moment in moments:
        comment = factories.comment(article, now=moment, address="192.0.2.77")
        PageComment.objects.filter(pk=comment.pk).update(ip_address="192.0.2.77")
        Report.objects.create(
            comment=comment, reason="spam", reporter_key=f"browser:{comment.pk}", network_key="n", reported_at=moment
        )
    privacy.forget_networks(now=NOW)
    rows = PageComment.objects.order_by("pk").values_list("network_key", "ip_address", "comment")
    expected = [(False, False, True)] * 5 + [(True, True, True)] * 3
    assert [(bool(key), bool(address), bool(text)) for key, address, text in rows] == expected
    assert [bool(key) for key in Report.objects.order_by("pk").values_list("network_key", flat=True)] == [False] * 5 + [True] * 3


def test_counts_mails_and_what_nobody_confirmed_are_deleted_in_time(article, batch):
    old, young = NOW - MONTH - DAY, NOW - MONTH + DAY
    for n in range(3):
        Quota.objects.create(key=f"old {n}", started_at=NOW - DAY - timedelta(minutes=1))
        for state in ("sent", "dropped", "failed"):
            OutgoingMail.objects.create(key=f"old {state} {n}", kind="new", to="a@b.example", state=state, created_at=old)
        comment = factories.comment(article, state="pending", now=old, text="old")
        PageComment.objects.filter(pk=comment.pk).update(state="unconfirmed")
        OutgoingMail.objects.create(key=f"confirm {n}", kind="confirm", to="a@b.example", comment=comment, created_at=old)
        Subscription.objects.create(page=article, scope="page", email="a@b.example", person_key=f"old {n}", created_at=old)
    Quota.objects.create(key="young", started_at=NOW - DAY + timedelta(minutes=1))
    OutgoingMail.objects.create(key="waiting", kind="new", to="a@b.example", state="waiting", created_at=old)
    OutgoingMail.objects.create(key="young", kind="new", to="a@b.example", state="sent", created_at=young)
    factories.comment(article, now=old, text="published long ago")
    factories.comment(article, state="pending", now=old, text="held long ago")
    held = factories.comment(article, state="pending", now=young, text="young")
    PageComment.objects.filter(pk=held.pk).update(state="unconfirmed")
    values = {"page": article, "scope": "page", "email": "a@b.example"}
    Subscription.objects.create(person_key="young", created_at=young, **values)
    Subscription.objects.create(person_key="kept", created_at=old, confirmed_at=old, **values)
    Discussion.objects.update(pending_count=1)

    privacy.forget_leftovers(now=NOW)

    assert list(Quota.objects.values_list("key", flat=True)) == ["young"]
    assert set(OutgoingMail.objects.values_list("key", flat=True)) == {"waiting", "young"}
    assert set(PageComment.objects.values_list("comment", flat=True)) == {"published long ago", "held long ago", "young"}
    assert set(Subscription.objects.values_list("person_key", flat=True)) == {"young", "kept"}
    assert_counts_hold(article)


def test_comment_confirmed_this_moment_is_not_deleted(article):
    comment = factories.comment(article, state="pending", now=NOW - MONTH - DAY)
    rows = PageComment.objects.filter(state="unconfirmed", pk=comment.pk)
    privacy._delete_comments(rows)
    assert PageComment.objects.filter(pk=comment.pk).exists()


def test_forgetting_is_done_daily():
    assert {job.name: job.period for job in JOBS if job.name.startswith("forget")} == {
        "forget_networks": DAY,
        "forget_leftovers": DAY,
    }


def test_forgetting_costs_a_fixed_number_of_queries_a_batch(article):
    def cost(count):
        for _ in range(count):
            factories.comment(article, now=NOW - MONTH - DAY, address="192.0.2.77")
            held = factories.comment(article, state="pending", now=NOW - MONTH - DAY)
            PageComment.objects.filter(pk=held.pk).update(state="unconfirmed")
        with CaptureQueriesContext(connection) as queries:
            privacy.forget_networks(now=NOW)
            privacy.forget_leftovers(now=NOW)
        return len(queries)

    few = cost(2)
    assert cost(12) == few
