"""Handing out what is held of one person."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discussion import privacy
from discussion.models import (
    NoMail,
    PageComment,
    Report,
    Subscription,
)
from discussion.notes import write_note
from discussion.persons import person_key
from tests import factories
from tests.discussion.person import CANARIES, EMAIL, STATES, by_person, everything, exported, found


def test_export_holds_everything_of_the_person_and_nobody_elses(planted, article, moderator):
    PageComment.objects.filter(pk=planted["published"].pk).update(anchor_text="The film")
    export = json.loads(exported())
    text = json.dumps(export, ensure_ascii=False).lower()
    own = set(CANARIES) - {"key of the browser", "key of the person", "network", "address of a homepage"}
    assert found({what: CANARIES[what] for what in own}, text) == own
    for hidden in ("theodora", "undisturbed", str(moderator), "browserkey", person_key(EMAIL)):
        assert hidden.lower() not in text
    comments = export["comments"]
    assert len(comments) == 15
    assert {comment["state"] for comment in comments} == set(STATES)
    one = next(comment for comment in comments if comment["number"] == planted["published"].number and comment["about"])
    assert one | {"submitted_at": "", "published_at": "", "confirmed_at": "", "edits": [], "flags": []} == {
        "page": "A dry street",
        "address": f"{article.get_site().root_url}/discussion/{article.pk}/{planted['published'].number}/",
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
        "flags": [],
        "edits": [],
    }
    assert [(flag["rule"], flag["why"]) for flag in one["flags"]] == [("sender", "The mail domain is listed: mumpsimus.example.")]
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


def test_export_of_an_account_names_it(article, reader):
    by_person(article, user=reader, email=reader.email)
    NoMail.objects.create(user=reader)
    export = json.loads(exported(reader.email))
    assert [account["username"] for account in export["accounts"]] == [reader.username]
    assert export["accounts"][0]["no_mail_since"]
    assert "password" not in json.dumps(export)
    assert len(export["comments"]) == 1


def test_export_of_nobody_is_empty(article):
    export = json.loads(exported("nobody@nowhere.example"))
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
    exported()
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


# The command


def test_export_goes_into_a_file_when_asked(planted, tmp_path):
    assert exported(output=tmp_path / "person.json") == ""
    assert json.loads((tmp_path / "person.json").read_text()) == json.loads(exported())
    with pytest.raises(CommandError, match="No such file"):
        exported(output=tmp_path / "nowhere" / "person.json")


@pytest.mark.parametrize("command", ["export_person", "erase_person"])
def test_commands_refuse_what_is_no_address(db, command):
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command(command, "rumpel")
