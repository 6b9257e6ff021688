"""The traps of django-comments-xtd and django-contrib-comments, each tried and found closed.

Numbers are those of the table in test_traps, which names for each trap what tries it, here and elsewhere; E stands for
the attacks with letters there.
"""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import call_command
from django.db.models.signals import pre_save
from django.template.loader import get_template
from django.test.signals import template_rendered
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django_comments import urls as base_urls
from django_comments.models import Comment, CommentFlag
from django_comments_xtd import urls as package_urls
from django_comments_xtd.models import XtdComment
from wagtail import hooks

from discussion import tokens
from discussion.models import Discussion, PageComment
from discussion.paths import LEVELS
from discussion.transitions import decide
from pages.models import ContentPage
from tests import factories
from tests.discussion.journey import HERE, TYPED, form_of


def post(client, page, **changed):
    form = TYPED | {"token": tokens.issue_token(page.pk)} | changed
    return client.post(f"/discussion/{page.pk}/add/", form, headers=HERE)


def everything():
    models = (Comment, XtdComment, PageComment, CommentFlag, Discussion)
    return [list(model._base_manager.order_by("pk").values()) for model in models]


def patterns(entries):
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from patterns(entry.url_patterns)


PACKAGE_NAMES = sorted({p.name for module in (base_urls, package_urls) for p in patterns(module.urlpatterns) if p.name})


@pytest.mark.parametrize("name", PACKAGE_NAMES)
def test_no_address_of_the_package_is_mounted(name):
    """1, 4, 7, 20, E: its reply, flag, like, API, confirmation and mute views leak or act on GET."""
    for arguments in ([], [1], ["x"], [1, 1], ["a", "b", 1], ["pages-articlepage", 1]):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=arguments)


def test_no_view_of_the_package_stands_in_the_resolver():
    views = {getattr(entry.callback, "__module__", "") for entry in patterns(get_resolver().url_patterns)}
    assert views
    assert not [module for module in views if module.startswith("django_comments")]


@pytest.mark.parametrize("start", ["comments", "discussion", "api", "comments/api"])
def test_held_comment_is_read_at_no_guessed_address(client, article, start):
    """1: anybody could walk /comments/reply/1/, /2/, …"""
    held = factories.comment(article, state="pending", text="Held words")
    ends = [
        "reply/{}/",
        "{}/",
        "like/{}/",
        "flag/{}/",
        "delete/{}/",
        "api/pages-articlepage/{}/",
        "cr/1/{}/",
        "posted/?c={}",
        "sent/?c={}",
    ]
    for end in ends:
        for key in (held.pk, article.pk):
            answer = client.get(f"/{start}/{end.format(key)}")
            assert answer.status_code in {200, 404}
            assert "Held words" not in answer.content.decode()


@pytest.mark.parametrize("who", ["client", "reader_client", "moderator_client"])
def test_no_page_for_readers_holds_an_address_or_a_portrait_service(request, article, reader, who):
    """2, 19, E: e-mails stood in ``alt`` texts, their hashes in requests to Gravatar."""
    visitor = request.getfixturevalue(who)
    for user, email in [(None, "ann@readers.example"), (reader, reader.email)]:
        parent = factories.comment(article, user=user, email=email)
        decide([factories.comment(article, user=user, email=email, reply_to=parent).pk], "removed", by=None)
    post(visitor, article, email="ann@readers.example")
    ends = ["", "1/", "add/", "add/?reply_to=1", "yours/", "token/"]
    for address in [
        article.url,
        "/",
        "/everything/",
        "/feed/",
        "/search/?q=ann",
        *(f"/discussion/{article.pk}/{e}" for e in ends),
    ]:
        page = visitor.get(address).content.decode()
        assert "@readers.example" not in page, address
        assert "gravatar" not in page.lower(), address


@pytest.mark.parametrize("number", [2, 3, 999])
def test_reply_never_reaches_another_page(client, section, article, number):
    """3, E: a forged ``reply_to`` tore down the other page's whole discussion."""
    other = factories.ArticlePageFactory(parent=section)
    for _ in range(3):
        factories.comment(other)
    factories.comment(article)
    before = everything()
    assert post(client, article, reply_to=number).status_code == 200
    assert everything()[:3] == before[:3]


def test_nothing_is_left_that_a_later_page_could_inherit(section, article):
    """5, E: comments of deleted pages came up again beneath whatever got their id."""
    factories.comment(article)
    key = str(article.pk)
    article.delete()
    assert not Comment.objects.filter(object_pk=key).exists()
    assert not Discussion.objects.filter(pk=int(key)).exists()


def test_nothing_in_the_package_listens_when_a_comment_is_saved():
    """6: ``publish_or_unpublish_nested_comments`` published every held reply."""
    assert type(apps.get_app_config("django_comments_xtd")).__name__ == "QuietCommentsXtdConfig"
    live = [receiver() if callable(receiver) else receiver for (_key, receiver, *_rest) in pre_save.receivers]
    modules = {getattr(receiver, "__module__", "") for receiver in live}
    assert not [module for module in modules if module.startswith("django_comments")]


@pytest.mark.parametrize("model", [PageComment, XtdComment, Comment])
def test_saving_a_parent_by_any_of_its_models_publishes_nothing(article, model):
    """6, E: nor may it count anything again, as ``nested_count`` did at each save."""
    top = factories.comment(article)
    factories.comment(article, reply_to=top, state="pending")
    before = everything()
    for comment in model.objects.order_by("pk"):
        comment.save()
        comment.save()
    assert everything() == before


def test_command_of_the_package_that_counts_anew_changes_nothing_that_we_read(article, capsys):
    """6: it published every held reply on its way."""
    top = factories.comment(article)
    factories.comment(article, reply_to=top, state="pending")

    def all_but_its_own_count():
        return [[row | {"nested_count": None} for row in rows] for rows in everything()]

    before = all_but_its_own_count()
    call_command("initialize_nested_count")
    assert all_but_its_own_count() == before


def test_reading_changes_nothing(client, article):
    """7: its links in mails acted on GET, and mail scanners pressed them."""
    top = factories.comment(article)
    factories.comment(article, reply_to=top, state="pending")
    before = everything()
    for end in ("", "?after=1", "1/", "2/", "add/", "add/?reply_to=1", "yours/", "yours/?posted", "token/"):
        client.get(f"/discussion/{article.pk}/{end}")
    client.get(article.url)
    assert everything() == before


def test_no_mail_leaves_whatever_is_posted_or_decided(client, article):
    """9, 10, E: fifty posts sent fifty mails to whoever's address was typed."""
    for n in range(5):
        post(client, article, email=f"victim{n}@readers.example")
    decide(list(PageComment.objects.values_list("pk", flat=True)), "published", by=None)
    post(client, article, reply_to=1, followup="on")
    assert PageComment.objects.count() == 6
    assert mail.outbox == []


def test_depth_is_set_and_the_same_for_the_package_and_us():
    """12: its default of 0 refuses every reply."""
    assert settings.COMMENTS_XTD_MAX_THREAD_LEVEL == LEVELS - 1


def test_permanent_address_needs_no_site_row_and_no_redirect_of_the_package(client, article):
    """13: it led through contenttypes to the domain of ``django.contrib.sites``."""
    comment = factories.comment(article)
    assert comment.get_absolute_url() == f"/discussion/{article.pk}/1/"
    assert client.get(comment.get_absolute_url())["Location"] == f"{article.url}#comment-1"


def one_of_each_type(section):
    publication = factories.PublicationPageFactory(parent=section)
    makers = [
        factories.InterviewPageFactory,
        factories.VideoPageFactory,
        factories.ArticlePageFactory,
        factories.TopicPageFactory,
        factories.SeriesPageFactory,
        factories.PathPageFactory,
    ]
    return [publication, factories.ChapterPageFactory(parent=publication), *(make(parent=section) for make in makers)]


def test_every_type_of_content_has_its_discussion(client, section):
    """14: options and counts hung on the class, so that a new page type had none."""
    pages = one_of_each_type(section)
    assert {type(page) for page in pages} == {model for model in apps.get_models() if issubclass(model, ContentPage)} - {
        ContentPage
    }
    for page in pages:
        base = ContentPage.objects.get(pk=page.pk)
        factories.comment(base, text="Said on the base page")
        assert PageComment.objects.get(page=page).content_type == ContentType.objects.get_for_model(type(page))
        answer = client.get(page.url)
        assert "Said on the base page" in answer.content.decode(), type(page)
        assert form_of(answer)[0] == f"/discussion/{page.pk}/add/"


def test_no_template_of_the_package_is_rendered(client, article):
    """15, E: theirs print e-mails, test the wrong permission, and bring a 404 page of their own."""
    top = factories.comment(article)
    decide([factories.comment(article, reply_to=top).pk], "removed", by=None)
    names = set()

    def note(template, **kwargs):
        names.add(template.name)

    template_rendered.connect(note)
    try:
        for end in ("", "1/", "add/?reply_to=1", "yours/", "99/"):
            client.get(f"/discussion/{article.pk}/{end}")
        post(client, article, token="")
        post(client, article, comment="")
        client.get(article.url)
    finally:
        template_rendered.disconnect(note)
    assert "discussion/comment.html" in names
    assert not [name for name in names if name and name.startswith(("comments/", "django_comments"))]
    assert get_template("404.html").origin.name == str(settings.BASE_DIR / "templates" / "404.html")


def test_removed_comments_are_not_counted(client, article):
    """16: its count and its list said different things."""
    factories.comment(article)
    factories.comment(article, state="removed")
    factories.comment(article, state="pending")
    assert "(1)" in client.get(article.url).content.decode()


def test_form_has_no_field_for_a_website_and_nothing_of_the_machine_is_kept(client, article):
    """19, E: the field draws spam, the IP address was kept for ever."""
    assert set(form_of(client.get(article.url))[1]) == {"reply_to", "about", "token", "subject", *TYPED}
    post(client, article, url="https://spam.example", ip_address="10.0.0.1", user_url="https://spam.example")
    comment = PageComment.objects.get()
    assert (comment.ip_address, comment.user_url, comment.followup) == (None, "", False)


@pytest.mark.parametrize("who", ["moderator", "reader"])
def test_knowing_an_address_gains_no_trust(request, client, article, person, who):
    """21: an address that was approved before could be guessed."""
    user = request.getfixturevalue(who)
    person.user = user
    person.save()
    factories.ContributionFactory(page=article, person=person)
    factories.comment(article, email=user.email, name=user.get_full_name(), user=user)
    post(client, article, email=user.email, name=user.get_full_name())
    comment = PageComment.objects.latest("pk")
    assert (comment.state, comment.user) == ("pending", None)


def test_one_permission_to_moderate_is_offered_and_it_is_ours(db):
    """E: three permissions called ``can_moderate`` stood in the group editor, one of them checked."""
    offered = Permission.objects.none()
    for hook in hooks.get_hooks("register_permissions"):
        offered = offered | hook()
    about_comments = offered.filter(content_type__app_label__in=["discussion", "django_comments", "django_comments_xtd"])
    assert sorted(about_comments.values_list("content_type__app_label", "codename")) == [
        ("discussion", "add_cannedreply"),
        ("discussion", "change_cannedreply"),
        ("discussion", "change_discussionsettings"),
        ("discussion", "delete_cannedreply"),
        ("discussion", "moderate"),
        ("discussion", "personal_data"),
    ]


@pytest.mark.parametrize(
    "permission", ["django_comments.can_moderate", "django_comments_xtd.can_moderate", "django_comments.change_comment"]
)
def test_permissions_of_the_package_open_nothing(client, editor, article, permission):
    """E: a right of that name must not decide about comments."""
    app_label, codename = permission.split(".")
    editor.user_permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))
    comment = factories.comment(article, state="pending")
    client.force_login(editor)
    client.post(reverse("discussion_decide", args=[comment.pk, "approve"]))
    assert PageComment.objects.get().state == "pending"


def test_menu_says_discussion_and_never_plain_comments(moderator_client, db):
    """23: *comments* are Wagtail's editors' notes."""
    page = moderator_client.get("/admin/").content.decode()
    assert '"label": "Discussion"' in page
    assert '"label": "Comments"' not in page


def test_token_sent_thirty_times_makes_one_comment(client, article):
    """E: one token was good for thirty comments."""
    token = tokens.issue_token(article.pk)
    for _ in range(30):
        assert post(client, article, token=token).status_code == 302
    assert PageComment.objects.count() == 1


def test_names_and_places_are_escaped(client, article):
    """E: markup in any field of a comment is text."""
    nasty = "<img src=x onerror=alert(1)>"
    factories.comment(article, text=nasty, name=nasty, organisation=nasty, author_role=nasty, anchor="a", anchor_text=nasty)
    factories.comment(article, reply_to=PageComment.objects.get())
    post(client, article, comment=nasty, name=nasty, organisation=nasty, token="")
    for address in (article.url, f"/discussion/{article.pk}/", f"/discussion/{article.pk}/add/?reply_to=1"):
        page = client.get(address).content.decode()
        assert "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_posting_leads_nowhere_else(client, article):
    """E: no ``next`` in the form sends a reader away."""
    answer = post(client, article, next="https://evil.example/")
    assert answer["Location"] == f"/discussion/{article.pk}/yours/?posted"


def test_answers_do_not_tell_a_draft_from_nothing(client, section):
    """E: one could ask which objects there are."""
    draft = factories.ArticlePageFactory(parent=section, live=False)
    answers = []
    for page_id in (draft.pk, draft.pk + 10_000):
        got = [client.get(f"/discussion/{page_id}/{end}") for end in ("", "1/", "add/", "yours/", "token/")]
        got.append(client.post(f"/discussion/{page_id}/add/", TYPED, headers=HERE))
        answers.append([(answer.status_code, answer.content.decode().replace(f"/{page_id}/", "/ID/")) for answer in got])
    assert answers[0] == answers[1]
