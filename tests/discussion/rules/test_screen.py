"""The screen on which moderators set and try rules: what it shows, saves and records, and what it refuses."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from discussion.models import DiscussionSettings, LogEntry, PageComment, RuleSetting
from discussion.posting import post_comment
from discussion.rules.configuration import configuration_of, default_configuration
from discussion.rules.judging import judge_submission
from discussion.rules.setting import RulesForm, set_rules
from discussion.rules.trying import run_on_last
from tests import factories
from tests.conftest import client_of
from tests.discussion.rules.judging import DEFAULT, with_options

pytestmark = pytest.mark.django_db
URL = "/admin/discussion/rules/"
SPAM = "Nice article thank you\nhttp:/google.example <b>"


def fields(**changed) -> dict:
    """What a browser sends of the form as it stands, with some fields changed."""
    form = RulesForm(configuration=configuration_of(Site.objects.get().pk))
    data = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if value is True:
            data[name] = "on"
        elif value is not False:
            data[name] = list(value) if isinstance(value, tuple) else value
    return data | {"try-text": "", "try-name": "", "try-email": "", "try-page": ""} | changed


def text(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode().split("<main", 1)[1])).split())


def test_the_screen_lists_every_rule_with_how_often_it_fired(moderator_client, article):
    submission = factories.submission(text=SPAM)
    judged = judge_submission(article, submission, DiscussionSettings(site=Site.objects.get()))
    post_comment(article, submission, hold=True, verdict=judged.verdict)
    shown = text(moderator_client.get(URL))
    assert all(str(row["rule"].label) in shown for row in RulesForm(configuration=DEFAULT).rows({}))
    assert shown.count("fired on 1 comment in 30 days") == len(judged.verdict.findings) == 4


def test_each_changed_rule_is_saved_and_recorded_with_before_and_after(moderator_client, moderator):
    changed = fields(
        **{"links-weight": "7", "links-most": "5", "banned-words": "snake  oil\n\n", "threshold": "12", "save": "yes"}
    )
    del changed["praise-on"]
    response = moderator_client.post(URL, changed, follow=True)
    assert "Changed: Sum from which comments are held, Banned words, Links, Praise without content." in text(response)
    stands = configuration_of(Site.objects.get().pk)
    assert (stands.hold_at, stands.of("links").weight, stands.of("links").options["most"]) == (12, 7, 5)
    assert (stands.of("praise").is_on, stands.of("banned").options["words"]) == (False, "snake oil")
    entry = LogEntry.objects.get(about="Links (localhost)")
    assert (entry.action, entry.by, entry.before["weight"], entry.after["weight"]) == ("rule", moderator, 10, 7)
    assert (entry.before["options"]["most"], entry.after["options"]["most"]) == (2, 5)
    assert LogEntry.objects.count() == 4


def test_saving_the_rules_as_they_stand_changes_and_records_nothing(moderator_client):
    assert moderator_client.post(URL, fields(save="yes")).status_code == 302
    assert (RuleSetting.objects.count(), LogEntry.objects.count()) == (0, 0)


BAD = [
    ("links-weight", "9" * 30, "less than or equal to 100"),
    ("links-weight", "9" * 5000, "Enter a whole number"),
    ("links-weight", "", "This field is required"),
    ("links-weight", "-1", "greater than or equal to 0"),
    ("burst-minutes", "0", "greater than or equal to 1"),
    ("threshold", "many", "Enter a whole number"),
    ("banned-words", "a*", "needs three letters"),
    ("banned-words", "xx: word", "there is no language “xx”"),
    ("sender-domains", "d" * 300, "too long for one line"),
    ("personal-kinds", "blood", "not one of the available choices"),
]


@pytest.mark.parametrize(("name", "value", "error"), BAD)
def test_bad_input_has_its_error_and_everything_typed_is_kept(moderator_client, name, value, error):
    typed = {"links-allowed": "kept.example", "try-text": "kept words", name: value, "save": "yes"}
    response = moderator_client.post(URL, fields(**typed))
    assert response.status_code == 200
    page = response.content.decode()
    assert error in html.unescape(page)
    assert all(kept in page for kept in ("kept.example", "kept words", html.escape(value[:60])) if kept != "blood")
    assert RuleSetting.objects.count() == 0


def test_a_change_by_another_moderator_meanwhile_is_not_overwritten_unseen(moderator_client):
    mine = fields(**{"links-weight": "7", "save": "yes"})
    set_rules(Site.objects.get(), with_options("links", most=9), by=None)
    response = moderator_client.post(URL, mine)
    assert "Another moderator has changed the rules" in text(response)
    assert configuration_of(Site.objects.get().pk).of("links").weight == 10
    version = re.search(r'name="version" value="(\w+)"', response.content.decode())[1]
    assert moderator_client.post(URL, mine | {"version": version}).status_code == 302
    assert configuration_of(Site.objects.get().pk).of("links").weight == 7


def test_trying_shows_what_would_fire_and_saves_nothing(moderator_client, article):
    typed = {"try-text": SPAM, "try-email": "ada@mailinator.com", "links-weight": "1", "try": "yes"}
    response = moderator_client.post(URL, fields(**typed))
    page = response.content.decode()
    assert "It would be held" in page
    praised = '<mark title="Praise without content">{}</mark>'
    assert f"{praised.format('Nice')} article {praised.format('thank')} you\n" in page
    assert '<mark title="Links, Disguised links">http:/google.example</mark> &lt;b&gt;' in page
    assert "Holds the address http:/google.example, which is malformed." in text(response)
    assert "The mailbox is disposable: mailinator.com." in text(response)
    assert "Together 35; held from 10." in text(response)
    assert (RuleSetting.objects.count(), PageComment.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"try-text": ""}, "Paste a text"),
        ({"try-text": "x" * 10_001}, "at most 10000 characters"),
        ({"try-text": "a\x00b"}, "Null characters are not allowed"),
        ({"try-text": "x", "try-page": "9" * 30}, "Select a valid choice"),
        ({"try-text": "x", "try-email": "x"}, "valid email"),
    ],
)
def test_what_cannot_be_tried_is_said(moderator_client, typed, error):
    response = moderator_client.post(URL, fields(**typed, **{"try": "yes"}))
    assert (response.status_code, error in text(response)) == (200, True)


def test_running_on_the_last_comments_compares_with_what_moderators_decided(moderator_client, article):
    comments = [
        (SPAM, "spam"),
        (SPAM.replace("article", "post"), "published"),
        ("The tariff came two years later, as the minutes show.", "rejected"),
        ("The bridge was built before the harbour was.", "published"),
        ("Anything", "erased"),
    ]
    for words, state in comments:
        factories.comment(article, text=words, state=state, email=f"{state}{len(words)}@readers.example")
    response = moderator_client.post(URL, fields(run="yes"))
    shown = text(response)
    assert "On the last 4 comments" in shown
    assert "Held 1 0 1 Let through 1 0 1" in shown
    assert "The tariff came two years later" in shown
    assert "The bridge was built" not in shown
    assert RuleSetting.objects.count() == 0


def test_running_costs_the_same_for_few_and_many_and_leaves_out_the_exempt(article, moderator, reader):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            run = run_on_last(default_configuration(), Site.objects.select_related("root_page").get())
        return len(queries), run.count

    for number in range(2):
        factories.comment(article, text=f"{SPAM} number {number} of all that were ever sent to this page", user=reader)
    factories.comment(article, text=SPAM, user=moderator)
    few = cost()
    for number in range(12):
        factories.comment(article, text=f"{SPAM} {number}", email=f"{number}@readers.example")
    many = cost()
    assert (few[1], many[1]) == (2, 14)
    assert many[0] <= few[0] + 1 <= 10


def test_running_works_beside_another_way_of_signing_in(article, moderator, settings):
    settings.AUTHENTICATION_BACKENDS = [
        "django.contrib.auth.backends.ModelBackend",
        "django.contrib.auth.backends.RemoteUserBackend",
    ]
    factories.comment(article, text=SPAM, user=moderator)
    assert run_on_last(default_configuration(), Site.objects.select_related("root_page").get()).count == 0


def test_each_site_has_rules_of_its_own(moderator_client, home):
    other = Site.objects.create(hostname="other.example", root_page=home)
    first = Site.objects.get(is_default_site=True)
    set_rules(other, with_options("links", most=9), by=None)
    assert configuration_of(first.pk) == DEFAULT
    assert 'value="9"' in moderator_client.get(f"{URL}?site={other.pk}").content.decode()
    for wrong in ("", "0", "9" * 30, "x"):
        assert moderator_client.get(f"{URL}?site={wrong}").status_code == 404


ROLES = [("editor", 302), ("publisher", 302), ("reader", 302), ("moderator", 200), ("administrator", 200)]


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_only_who_moderates_everything_sees_and_changes_rules(request, role, status):
    client = request.getfixturevalue(f"{role}_client")
    assert client.get(URL).status_code == status
    client.post(URL, fields(**{"links-weight": "7", "save": "yes"}))
    assert (configuration_of(Site.objects.get().pk).of("links").weight == 7) is (status == 200)


def test_section_moderators_do_not_see_or_change_rules(editor, section):
    group = editor.groups.create(name="Street")
    group.moderated_sections.create(page_id=section.pk)
    client = client_of(editor)
    assert [client.get(URL).status_code, client.post(URL, fields(save="yes")).status_code] == [302, 302]
    assert LogEntry.objects.count() == 0


def test_what_a_row_has_wrong_is_as_by_default(home):
    site = Site.objects.get()
    RuleSetting.objects.create(site=site, rule="links", weight=30000, options={"most": "x", "newcomers": True, "allowed": 4})
    RuleSetting.objects.create(site=site, rule="personal", weight=5, options={"kinds": ["email", "blood"]})
    RuleSetting.objects.create(site=site, rule="former", weight=5, options=[])
    stands = configuration_of(site.pk)
    assert (stands.of("links").weight, stands.of("links").options) == (100, DEFAULT.of("links").options)
    assert stands.of("personal").options["kinds"] == ("email",)
