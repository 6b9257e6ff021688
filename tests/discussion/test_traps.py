"""Traps of comments on pages, by number and by letter, each with the tests that try it and find it closed.

The numbers are traps of the packages beneath (1 to 23). The letters are attacks: on what is sent in (a), on links in
mails (b), on what is not to be read (c), and on what is kept (d).
"""

import base64
import csv
import importlib
import io
import json
import pickle
import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_comments.models import Comment, CommentFlag
from openpyxl import load_workbook
from wagtail.models import Page, Site

from discussion import outbox, privacy, tokens
from discussion.alerts import alert_moderators
from discussion.announcing import TIME_TO_UNDO, announce
from discussion.models import (
    AlertPreference,
    Decision,
    Discussion,
    DiscussionSettings,
    OutgoingMail,
    PageComment,
    State,
    Subscription,
)
from discussion.transitions import decide, recount
from tests import factories
from tests.discussion.journey import HERE, TYPED, kept_text
from tests.nets.writes import state_of_tables

pytestmark = pytest.mark.django_db

LIST = "discussion_queue"
# What could go wrong, and the tests by module and name.
TRAPS = {
    "1 a held or removed comment can be read by asking to answer, flag or like it": [
        "test_package_traps::test_held_comment_is_read_at_no_guessed_address",
        "test_views::test_held_comment_cannot_be_read_by_replying_to_it",
        "test_threads::test_placeholder_says_nothing_of_what_stood_there",
        "test_reports::test_only_what_readers_see_can_be_reported",
    ],
    "2 e-mail addresses stand in the HTML": [
        "test_package_traps::test_no_page_for_readers_holds_an_address_or_a_portrait_service"
    ],
    "3 a forged parent hangs the reply on another page, or ends in an error": [
        "test_package_traps::test_reply_never_reaches_another_page",
        "test_addresses::test_forged_number_in_the_form_is_refused_and_the_text_kept",
    ],
    "4 an API or a feed gives out what stands on hidden pages": [
        "test_package_traps::test_no_address_of_the_package_is_mounted",
        "test_feed::test_page_that_is_not_published_has_no_feed",
        "test_feed::test_private_page_has_no_feed_and_names_none",
        "test_addresses::test_discussion_of_a_page_that_is_not_to_be_seen_is_nowhere",
    ],
    "5 comments outlive their page, or follow its copy": [
        "test_package_traps::test_nothing_is_left_that_a_later_page_could_inherit",
        "test_removal::test_every_way_of_deleting_a_page_takes_all_of_its_discussion_and_nothing_else",
        "test_page_life::test_copy_starts_empty",
    ],
    "6 approving or saving a comment publishes what is held beneath it": [
        "test_package_traps::test_nothing_in_the_package_listens_when_a_comment_is_saved",
        "test_package_traps::test_saving_a_parent_by_any_of_its_models_publishes_nothing",
        "test_package_traps::test_command_of_the_package_that_counts_anew_changes_nothing_that_we_read",
        "test_transitions::test_approving_a_comment_publishes_no_held_reply",
    ],
    "7 a link in a mail acts when a scanner opens it": [
        "test_traps::test_scanner_that_opens_every_link_of_every_mail_does_nothing",
        "test_confirmation::test_link_shows_a_button_and_only_pressing_it_confirms",
        "test_package_traps::test_reading_changes_nothing",
    ],
    "8 a person's data can be neither handed out nor erased": [
        "test_exporting::test_export_holds_everything_of_the_person_and_nobody_elses",
        "test_erasing::test_erasing_a_person_leaves_nothing_of_them_in_any_table",
        "test_erasing::test_shape_of_the_thread_is_kept",
    ],
    "9 nobody hears of a comment that was held first": [
        "test_announcing::test_follower_is_told_of_each_comment_once_it_is_published"
    ],
    "10 every follower gets every comment": [
        "test_announcing::test_reply_is_told_to_whom_it_answers_and_to_nobody_else",
        "test_announcing::test_nobody_is_told_of_their_own_comment_or_twice_of_the_same",
        "test_package_traps::test_no_mail_leaves_whatever_is_posted_or_decided",
    ],
    "11 two replies at once get the same place": [
        "test_concurrency::test_twenty_replies_across_a_thread_find_their_places",
        "test_concurrency::test_replies_that_arrive_while_their_branch_is_hidden_and_shown_again",
    ],
    "12 the depth that nobody set refuses every reply": [
        "test_package_traps::test_depth_is_set_and_the_same_for_the_package_and_us",
        "test_posting::test_replies_stand_on_levels_0_to_7",
    ],
    "13 permanent addresses lead through another app's idea of the site": [
        "test_package_traps::test_permanent_address_needs_no_site_row_and_no_redirect_of_the_package",
    ],
    "14 a page type is forgotten, or asked as its base class and found empty": [
        "test_package_traps::test_every_type_of_content_has_its_discussion",
        "test_addresses::test_base_page_and_specific_page_have_the_same_discussion",
    ],
    "15 templates of the package are looked up under wrong names": [
        "test_package_traps::test_no_template_of_the_package_is_rendered"
    ],
    "16 a removed comment hides its replies and is still counted": [
        "test_package_traps::test_removed_comments_are_not_counted",
        "test_threads::test_placeholder_keeps_its_replies_and_takes_no_new_ones",
    ],
    "17 a refusal is a bare error page": [
        "test_addresses::test_closed_discussion_says_why_and_gives_the_text_back",
        "test_page_life::test_page_that_takes_no_comments_says_why_on_every_path_and_gives_the_text_back",
    ],
    "18 a form that was open for long loses the text": [
        "test_views::test_token_lives_almost_a_day",
        "test_views::test_token_that_is_not_good_gives_a_preview_with_the_text_and_a_good_one",
    ],
    "19 a field for websites, portraits by a third party, internet addresses for ever": [
        "test_package_traps::test_form_has_no_field_for_a_website_and_nothing_of_the_machine_is_kept",
        "test_limits::test_comment_keeps_its_network_and_not_its_address",
        "test_forgetting::test_networks_are_forgotten_after_thirty_days",
    ],
    "20 guests cannot report, and reports give no reason": [
        "test_reports::test_guest_reports_a_comment_without_script",
        "moderation.test_reports::test_moderator_sees_reasons_words_number_and_who",
    ],
    "21 whoever types a known address is trusted": [
        "test_package_traps::test_knowing_an_address_gains_no_trust",
        "test_confirmation::test_cookie_of_a_confirmed_address_cannot_be_made_up",
        "test_confirmation::test_address_confirmed_elsewhere_or_another_address_is_asked_for",
    ],
    "22 decisions by GET, sent back to the Referer, and for direct replies only": [
        "moderation.test_deciding::test_nothing_is_decided_by_reading",
        "moderation.test_deciding::test_way_back_stays_on_this_site",
        "test_transitions::test_whole_branch_at_once_in_any_order",
    ],
    "23 the menu says Comments, which are the editors' notes": [
        "test_package_traps::test_menu_says_discussion_and_never_plain_comments"
    ],
    "a markup in a comment or a name": [
        "test_package_traps::test_names_and_places_are_escaped",
        "test_formatting::test_what_the_renderer_lets_through_is_sanitised_once_more",
    ],
    "a addresses that run something, links that are followed for search engines": [
        "test_formatting::test_any_other_address_makes_no_link",
        "test_formatting::test_links_are_marked_as_readers_own_and_say_where_they_lead",
    ],
    "a forms sent from another site": [
        "test_views::test_form_counts_only_when_it_stood_on_this_site",
        "test_views::test_signed_in_account_cannot_be_made_to_comment_by_another_site",
        "test_own::test_another_site_cannot_press_the_button_and_who_can_needs_no_cookie_more",
        "test_reports::test_another_site_cannot_report_and_who_can_needs_no_cookie",
        "test_following::test_follow_form_of_another_site_does_nothing",
    ],
    "a tokens from the future, used many times, of another page, sent by programs": [
        "test_traps::test_token_from_the_future_posts_nothing_before_its_time",
        "test_traps::test_program_that_fills_in_everything_stores_nothing",
        "test_package_traps::test_token_sent_thirty_times_makes_one_comment",
        "test_addresses::test_token_is_good_for_its_page",
        "test_limits::test_form_sent_faster_than_people_write_is_shown_again_with_its_token",
        "test_views::test_public_page_is_the_same_for_everybody_and_holds_nothing_of_one_reader",
    ],
    "a the same comment again": [
        "test_views::test_same_form_sent_twice_makes_one_comment_which_the_browser_finds",
        "test_concurrency::test_one_submission_sent_ten_times_at_once_makes_one_comment",
    ],
    "a as many comments as one likes": [
        "test_limits::test_limit_of_an_address_counts_over_pages_and_people_and_keeps_the_text",
        "test_limits::test_limit_of_an_e_mail_address_counts_over_addresses_and_capitals",
        "test_limits::test_limit_holds_for_many_at_once_and_over_pages",
    ],
    "a somebody else's mailbox is flooded, or written to in the attacker's words": [
        "test_traps::test_fifty_guests_with_one_victims_address_send_three_mails_and_no_word_of_theirs",
        "test_following::test_follow_is_limited",
    ],
    "a header lines in a name or address": [
        "test_mail::test_title_and_names_cannot_add_headers",
        "test_traps::test_address_with_a_line_end_is_refused",
    ],
    "a a reader is sent to another site": [
        "test_package_traps::test_posting_leads_nowhere_else",
        "test_override::test_way_back_stays_on_this_site",
        "test_traps::test_way_back_that_is_a_bare_word_is_an_address",
    ],
    "a somebody takes another's name or subscribes another's address": [
        "test_views::test_account_is_taken_for_what_it_is_and_typed_names_are_ignored",
        "test_threads::test_nobody_gets_a_badge_by_typing_the_authors_name",
        "test_following::test_address_of_somebody_else_cannot_be_subscribed_or_its_wishes_changed",
    ],
    "a numbers and bodies that no database takes": [
        "test_addresses::test_numbers_of_any_size_in_the_path_are_answered",
        "test_addresses::test_nonsense_in_the_body_is_refused",
        "test_addresses::test_forged_hidden_field_is_refused_and_the_text_kept",
        "test_traps::test_search_of_any_length_is_answered",
        "test_traps::test_reason_with_a_nul_is_asked_again_and_nothing_is_decided",
        "test_traps::test_table_that_is_taken_along_takes_every_character_and_holds_no_formula",
    ],
    "b a link that confirms is a program, never ends, or works on what is gone": [
        "test_traps::test_links_hold_a_key_and_nothing_of_a_person",
        "test_traps::test_link_that_is_a_pickle_is_not_opened",
        "test_confirmation::test_link_older_than_a_week_offers_a_fresh_one",
        "test_confirmation::test_pressing_twice_is_harmless",
        "test_confirmation::test_link_after_a_moderator_decided",
        "test_confirmation::test_link_after_the_discussion_closed_goes_to_a_moderator",
        "test_confirmation::test_link_after_the_page_was_unpublished_does_not_name_it",
        "test_confirmation::test_link_after_deletion",
        "test_confirmation::test_eight_presses_at_once_decide_once",
    ],
    "b a link that ends mails holds an account, acts when opened, or fails the second time": [
        "test_traps::test_links_hold_a_key_and_nothing_of_a_person",
        "test_traps::test_link_that_ends_mails_can_be_pressed_twice_by_a_mail_service",
        "test_mail::test_link_that_ends_works_when_everything_is_gone",
    ],
    "c posting to a closed page": [
        "test_page_life::test_page_that_takes_no_comments_says_why_on_every_path_and_gives_the_text_back"
    ],
    "c posting to a draft or a private page": [
        "test_addresses::test_page_that_is_not_to_be_seen_takes_no_comment_and_gives_the_text_back"
    ],
    "c posting to what is no page for discussion": ["test_traps::test_only_content_is_discussed"],
    "c reading on private pages and drafts": [
        "test_addresses::test_discussion_of_a_page_that_is_not_to_be_seen_is_nowhere",
        "test_reports::test_nothing_is_reported_on_a_hidden_page",
        "test_own::test_hidden_page_hides_its_comments_from_their_authors_too",
    ],
    "c another way in, where nothing is held": [
        "test_views::test_who_is_held_and_who_appears_at_once",
        "test_own::test_change_that_would_be_held_is_held_and_keeps_its_number",
        "test_posting::test_reply_to_the_last_level_stands_beside_it_with_its_true_parent",
    ],
    "c answering what is held": [
        "test_page_life::test_comment_that_readers_do_not_see_cannot_be_answered_and_the_text_comes_back"
    ],
    "c answering across pages": ["test_package_traps::test_reply_never_reaches_another_page"],
    "c asking which objects there are": [
        "test_package_traps::test_answers_do_not_tell_a_draft_from_nothing",
        "test_override::test_refusal_does_not_tell_which_pages_there_are",
    ],
    "c asking who there is, and who reported": [
        "moderation.test_reports::test_who_reported_is_in_nothing_that_others_read",
        "test_package_traps::test_no_page_for_readers_holds_an_address_or_a_portrait_service",
    ],
    "c flags on what is held, of a kind that is off, or one mail for each press": [
        "test_reports::test_only_what_readers_see_can_be_reported",
        "test_reports::test_second_report_by_the_same_is_thanked_and_not_kept",
        "test_traps::test_reports_send_no_mail_and_leave_no_flag",
    ],
    "d a deleted page leaves orphans": ["test_page_life::test_deleting_a_page_deletes_its_discussion_from_every_table"],
    "d addresses stay when the account goes": [
        "test_page_life::test_comments_of_a_deleted_account_stay_under_its_name",
        "test_traps::test_what_a_deleted_account_wrote_can_still_be_erased",
    ],
    "d counters that drift with every save": [
        "test_transitions::test_two_hundred_random_steps_keep_every_count_and_order_right",
        "test_package_traps::test_saving_a_parent_by_any_of_its_models_publishes_nothing",
    ],
    "d a deleted parent leaves replies that count and are never shown": [
        "moderation.test_deciding::test_nobody_finds_a_snippet_of_comments_in_the_admin",
        "test_traps::test_replies_go_with_a_parent_that_is_deleted",
    ],
}


def test_every_trap_has_its_tests():
    numbers = [int(trap.split()[0]) for trap in TRAPS if trap[0].isdigit()]
    letters = [trap[0] for trap in TRAPS if not trap[0].isdigit()]
    assert numbers == list(range(1, 24))
    assert {letter: letters.count(letter) for letter in "abcd"} == {"a": 11, "b": 2, "c": 10, "d": 4}
    for trap, tests in TRAPS.items():
        assert tests, trap
        for test in tests:
            module, name = test.split("::")
            assert callable(getattr(importlib.import_module(f"tests.discussion.{module}"), name)), test


def post(client, page, **changed):
    form = TYPED | {"token": tokens.issue_token(page.pk)} | changed
    return client.post(f"/discussion/{page.pk}/add/", form, headers=HERE)


@pytest.fixture
def mails(settings, article, moderator) -> list:
    """One mail of every kind, sent."""
    settings.HUB_SENDS_MAIL = True
    post(Client(), article)
    Client().post(f"/discussion/{article.pk}/follow/", {"email": "bea@readers.example"}, headers=HERE)
    wishes = ("page", "replies", "decision")
    asked = factories.comment(article, email="cy@readers.example", wishes=wishes, is_proven=True, state="pending")
    decide([asked.pk], State.PUBLISHED, by=moderator)
    asked.refresh_from_db()
    turned_down = factories.comment(article, email="fay@readers.example", is_proven=True, state="pending")
    decide([turned_down.pk], State.REJECTED, by=moderator, message="Please write again.")
    factories.comment(article, email="dee@readers.example")
    factories.comment(article, email="eve@readers.example", reply_to=asked)
    factories.comment(article, state="pending")
    AlertPreference.objects.create(user=moderator, when=AlertPreference.When.AT_ONCE)
    later = timezone.now() + TIME_TO_UNDO
    alert_moderators(later)
    announce(later)
    outbox.send_due(later)
    assert set(OutgoingMail.objects.filter(state="sent").values_list("kind", flat=True)) == set(OutgoingMail.Kind)
    return mail.outbox


def links_in(mails) -> list[str]:
    addresses = [urlsplit(url).path for message in mails for url in re.findall(r"https?://[^\s>]+", str(message.message()))]
    found = sorted({address for address in addresses if re.match(r"/discussion/[a-z]+/", address)})
    assert {address.split("/")[2] for address in found} == {"confirm", "subscribe", "unsubscribe"}
    return found


def test_scanner_that_opens_every_link_of_every_mail_does_nothing(client, mails):
    """7: mail programs look at links before people do."""
    before = state_of_tables()
    for address in links_in(mails):
        for method in (client.get, client.head, client.options):
            assert method(address).status_code == 200, address
    assert state_of_tables() == before


def test_token_from_the_future_posts_nothing_before_its_time(client, article, settings, monkeypatch):
    """a: only one whose clock is ours can sign it; it is not old enough for anything until its time has come."""
    settings.HUB_COMMENT_SECONDS = 2
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 3600)
    token = tokens.issue_token(article.pk)
    monkeypatch.setattr(signing.time, "time", lambda: now)
    answer = post(client, article, token=token)
    assert answer.status_code == 200
    assert TYPED["comment"] in answer.content.decode()
    head, _time, signature = token.split(":")
    assert post(client, article, token=f"{head}:zzzzzz:{signature}").status_code == 200
    assert not PageComment.objects.exists()


def test_program_that_fills_in_everything_stores_nothing(client, article):
    """a: people do not see that field."""
    answer = post(client, article, subject="Cheap watches")
    assert answer.status_code == 400
    assert TYPED["comment"] in answer.content.decode()
    assert not PageComment.objects.exists()


def test_fifty_guests_with_one_victims_address_send_three_mails_and_no_word_of_theirs(article, settings):
    """a: fifty posts sent fifty mails, with the attacker's name, text and link."""
    settings.HUB_SENDS_MAIL = True
    DiscussionSettings.objects.create(site=Site.objects.get(), posts_per_person=100, posts_per_address=100)
    answers = [
        post(
            Client(), article, comment=f"Buy at https://spam.example/{n}", name="See spam.example", email="victim@readers.example"
        )
        for n in range(50)
    ]
    outbox.send_due()
    assert {answer.status_code for answer in answers} == {302, 429}
    assert 1 <= len(mail.outbox) <= 3
    assert not [message for message in mail.outbox if "spam.example" in str(message.message())]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "%0d%0a"])
def test_address_with_a_line_end_is_refused(client, article, settings, end):
    """a: what follows would be a header of the mail."""
    settings.HUB_SENDS_MAIL = True
    email = f"a.reader@readers.example{end}Bcc: b@evil.example"
    assert post(client, article, email=email).status_code == 400
    assert client.post(f"/discussion/{article.pk}/follow/", {"email": email}, headers=HERE).status_code == 400
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("word", ["street", "search", "discussion:add", "os.path"])
def test_way_back_that_is_a_bare_word_is_an_address(moderator_client, article, word):
    """a: Django's ``redirect`` looks for a view of that name, and fails where there is none."""
    comment = factories.comment(article)
    for address, form in (
        (reverse("discussion_override", args=[article.pk]), {"override": "closed"}),
        (reverse("discussion_decide", args=[comment.pk, "remove"]), {"stay": "1"}),
    ):
        answer = moderator_client.post(address, form | {"next": word})
        assert answer.status_code == 302
        assert answer["Location"].startswith(word) or "/admin/" in answer["Location"]


@pytest.mark.parametrize("name", ["discussion_list", "discussion_list_results", LIST])
def test_search_of_any_length_is_answered(moderator_client, article, name):
    """a: SQLite refuses patterns beyond 50,000 characters."""
    factories.comment(article)
    for words in ("*" * 60_000, "%_" * 40_000, "\x00", "dry\x00street"):
        assert moderator_client.get(reverse(name), {"q": words}).status_code == 200
    chosen = {"action": "approve", "all": "1", "selection": urlencode({"q": "*" * 60_000})}
    assert moderator_client.post(reverse("discussion_choose"), chosen).status_code == 302


def test_reason_with_a_nul_is_asked_again_and_nothing_is_decided(moderator_client, article):
    """a: PostgreSQL refuses the character, and the decision with it."""
    comment = factories.comment(article)
    chosen = moderator_client.post(reverse("discussion_choose"), {"action": "reject", "pk": [comment.pk]})["Location"]
    for address in (reverse("discussion_decide", args=[comment.pk, "remove"]), chosen):
        answer = moderator_client.post(address, {"reason": "Off\x00 topic"})
        assert (answer.status_code, "Null characters are not allowed" in answer.content.decode()) == (400, True)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("export", ["csv", "xlsx"])
def test_table_that_is_taken_along_takes_every_character_and_holds_no_formula(moderator_client, article, export):
    """a: a control character ended the table in the middle; a comment that begins with a sign was run by who opened it."""
    for text in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "all \x01\x0b\x1f\x7f\ufffe kinds"):
        factories.comment(article, text=text, name=text, organisation=text)
    answer = moderator_client.post(reverse("discussion_queue_export", args=[export]), {"selection": "queue=all"})
    content = b"".join(answer.streaming_content)
    if export == "xlsx":
        cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    else:
        cells = [cell for row in csv.reader(io.StringIO(content.decode(), newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert "'=cmd|' /C calc'!A0" in cells


def test_links_hold_a_key_and_nothing_of_a_person(mails):
    """b: a link held the comment with its writer's account, password hash and all, for everybody to read."""
    for address in links_in(mails):
        token = address.split("/")[3]
        first = token.split(":")[0]
        said = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
        keys = said if isinstance(said, list) else [said]
        assert all(isinstance(key, int) or re.fullmatch(r"[0-9a-f]{32}", key) for key in keys), said


def test_link_that_is_a_pickle_is_not_opened(client, article, tmp_path):
    """b: whoever knew the key could have any program run; signed or not, what is opened is JSON and nothing else."""
    trace = tmp_path / "ran"

    class Program:
        def __reduce__(self):
            return Path.touch, (trace,)

    class Pickles:
        def dumps(self, what):
            return pickle.dumps(what)

    for salt in ("discussion.confirm", "discussion.subscribe", "discussion.unsubscribe", "discussion.form"):
        signed = [
            signing.dumps(Program(), salt=salt, serializer=Pickles),
            signing.Signer(salt=salt).sign_object(Program(), serializer=Pickles),
            base64.urlsafe_b64encode(pickle.dumps(Program())).decode(),
        ]
        for token in signed:
            for kind in ("confirm", "subscribe", "unsubscribe"):
                assert client.get(f"/discussion/{kind}/{token}/").status_code == 404
                assert client.post(f"/discussion/{kind}/{token}/").status_code == 404
            assert post(client, article, token=token).status_code == 200
    assert not trace.exists()


def test_link_that_ends_mails_can_be_pressed_twice_by_a_mail_service(client, mails):
    """b: the second press found nothing, and mails named no such link in their headers."""
    told = [message for message in mails if "List-Unsubscribe" in message.extra_headers]
    assert {message.to[0] for message in told} == {"cy@readers.example"}
    for message in told:
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = urlsplit(message.extra_headers["List-Unsubscribe"].strip("<>")).path
        for _press in range(2):
            assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.filter(email="cy@readers.example", ended_at=None).exists()


def test_only_content_is_discussed(client, home, section, person, reader):
    """c: with a token for it, comments were taken on any row of any table."""
    others = [home, section, person, Page.objects.get(depth=1)]
    for key in {page.pk for page in others} | {reader.pk + 10_000}:
        answer = client.post(f"/discussion/{key}/add/", TYPED | {"token": tokens.issue_token(key)}, headers=HERE)
        assert (answer.status_code, kept_text(answer)) == (404, TYPED["comment"])
        assert client.get(f"/discussion/{key}/token/").status_code == 404
    assert not PageComment.objects.exists()


def test_reports_send_no_mail_and_leave_no_flag(client, article, settings):
    """c: each press wrote to the moderators, and made a flag of whatever kind was named."""
    settings.HUB_SENDS_MAIL = True
    factories.comment(article)
    for flag in ("like", "removal suggestion", "moderator deletion"):
        client.post(f"/discussion/{article.pk}/1/report/", {"reason": "spam", "flag": flag}, headers=HERE)
    outbox.send_due()
    assert mail.outbox == []
    assert not CommentFlag.objects.exists()
    assert PageComment.objects.get().reports.count() == 1


def test_what_a_deleted_account_wrote_can_still_be_erased(client, article, reader):
    """d: name and address stayed for ever, and nothing led to them any more."""
    email = reader.email
    factories.comment(article, user=reader, email=email)
    reader.delete()
    assert PageComment.objects.get().user_email == email
    privacy.erase(privacy.find_person(email))
    comment = PageComment.objects.get()
    assert (comment.comment, comment.user_name, comment.user_email, comment.state) == ("", "", "", State.ERASED)


def test_replies_go_with_a_parent_that_is_deleted(article):
    """d: nobody deletes one comment; whoever does by hand leaves nothing that counts and is not shown."""
    top = factories.comment(article)
    factories.comment(article, reply_to=factories.comment(article, reply_to=top))
    other = factories.comment(article)
    top.delete()
    assert list(PageComment.objects.all()) == [other]
    assert list(Comment.objects.values_list("pk", flat=True)) == [other.pk]
    recount(Discussion.objects.values_list("pk", flat=True))
    assert Discussion.objects.get().published_count == 1
