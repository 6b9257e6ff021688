"""Changing, deleting, answering and reporting the same comment at the same moment, with real threads."""

import pytest

from discussion import editing, quotas, reporting
from discussion.models import Decision, Edit, PageComment, Report
from discussion.posting import ParentGone, post_comment
from discussion.transitions import decide
from tests import factories
from tests.discussion.test_concurrency import assert_in_order, at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def outcome(task, *refusals):
    """What ``task`` gives back, or the kind of refusal."""
    try:
        return task()
    except refusals as error:
        return type(error)


def change(comment, text="Changed"):
    return outcome(lambda: editing.edit_comment(comment, text, by=None, hold=False), editing.TooLate)


def answer(page, comment):
    return outcome(lambda: post_comment(page, factories.submission(reply_to=comment.number), hold=False), ParentGone)


def delete(comment):
    return outcome(lambda: editing.delete_comment(comment), editing.TooLate)


def report(comment, browser, address="192.0.2.1"):
    values = {"reason": "spam", "text": "Words", "user": None, "author_key": browser, "address": address}
    return outcome(lambda: reporting.report(comment, **values), reporting.CommentGone, quotas.Exceeded)


def test_nothing_is_changed_after_it_was_answered(article):
    comments = [factories.comment(article, text="As answered") for _ in range(6)]
    tasks = [task for c in comments for task in (lambda c=c: change(c), lambda c=c: answer(article, c))]
    at_once(tasks)
    for comment in PageComment.objects.filter(pk__in=[comment.pk for comment in comments]):
        reply = PageComment.objects.get(in_reply_to=comment)
        edit = Edit.objects.filter(comment=comment).first()
        assert comment.comment == ("Changed" if edit else "As answered")
        assert edit is None or edit.edited_at <= reply.submitted_at
    assert_in_order(article)


def test_same_change_sent_eight_times_at_once_is_one(article):
    comment = factories.comment(article)
    at_once([lambda: change(comment)] * 8)
    assert Edit.objects.count() == 1
    assert PageComment.objects.get().comment == "Changed"


def test_nothing_is_left_on_a_comment_deleted_while_others_act_on_it(article):
    comments = [factories.comment(article) for _ in range(3)]
    tasks = []
    for comment in comments:
        tasks += [
            lambda c=comment: change(c),
            lambda c=comment: report(c, "browser"),
            lambda c=comment: delete(c),
            lambda c=comment: delete(c),
            lambda c=comment: answer(article, c),
        ]
    at_once(tasks)
    for comment in PageComment.objects.filter(pk__in=[comment.pk for comment in comments]):
        assert (comment.state, comment.comment, comment.user_name) == ("erased", "", "")
    assert (Edit.objects.count(), Report.objects.count()) == (0, 0)
    assert Decision.objects.count() == 3
    assert_in_order(article)


def test_same_report_sent_eight_times_at_once_is_one_and_counts_once(article):
    comment = factories.comment(article)
    found = at_once([lambda: report(comment, "browser")] * 8)
    assert sorted(found) == [False] * 7 + [True]
    assert Report.objects.count() == 1


def test_same_report_of_a_changed_comment_sent_eight_times_at_once_is_one_more(article, moderator):
    comment = factories.comment(article)
    report(comment, "browser")
    decide([comment.pk], "published", by=moderator)
    change(comment)
    found = at_once([lambda: report(comment, "browser")] * 8)
    assert sorted(found) == [False] * 7 + [True]
    assert Report.objects.filter(settled_at=None).count() == 1


def test_limit_holds_for_many_at_once(article, monkeypatch):
    monkeypatch.setattr(reporting, "REPORTS_AN_HOUR", 5)
    comment = factories.comment(article)
    found = at_once([lambda n=n: report(comment, f"browser {n}") for n in range(12)])
    assert found.count(True) == 5
    assert found.count(quotas.Exceeded) == 7
    assert Report.objects.count() == 5
