"""Where the links in mails lead, and how to follow a discussion by mail.

Mail programs and scanners open every link: GET shows a button, and only pressing it does something. The token in the
address is the permission, so that no cookie and no CSRF token is asked for; mail services press as RFC 8058 says. But
a browser is given no cookie unless it says that the button stood on this site.
"""

from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from discussion import confirmation, formatting, quotas, subscriptions, tokens
from discussion.confirmation import is_proven
from discussion.editing import state_for_author
from discussion.forms import FollowForm
from discussion.models import PageComment, State, Subscription
from discussion.openness import standing_of
from discussion.persons import address_key, client_address
from discussion.posting import HOUR
from discussion.treatments import BANNED
from discussion.views.common import UNDER_HIDDEN, account_of, readable_page, row_of
from pages.models import ContentPage
from people.visibility import is_visible

# What became of a comment by the time its link is followed.
BECAME = {
    State.PENDING: gettext_lazy("The comment waits for a moderator to read it."),
    State.PUBLISHED: gettext_lazy("The comment is published."),
    State.REJECTED: gettext_lazy("A moderator has read the comment and decided not to publish it."),
    State.SPAM: gettext_lazy("A moderator has read the comment and decided not to publish it."),
    State.REMOVED: gettext_lazy("A moderator has removed the comment since."),
    State.ERASED: gettext_lazy("The comment was erased. There is nothing left to confirm."),
}
COMMENT_GONE = gettext_lazy("The comment is no longer here, and there is nothing left to confirm.")
BAD_LINK = gettext_lazy("This link is not complete. Open it from the mail itself, or copy all of it.")
ASKED_TOO_OFTEN = gettext_lazy("Several mails were sent to this address within a day. Try again in a day.")
FOLLOWS_AN_HOUR = 10


# The token in the address is the permission; whoever overrides ``dispatch`` needs this once more.
by_token = method_decorator([never_cache, csrf_exempt], name="dispatch")


class Letter(View):
    """A link in a mail: says in plain words what it is about, and does it when the button is pressed."""

    http_method_names = ["get", "head", "post", "options"]

    def say(self, request, heading, sentence, *, status=200, page=None, button="", **context):
        """One sentence; ``button`` is the label of the one that posts to the same address, or none."""
        page = page if page and is_visible(page) else None  # its title may not be known any more
        context |= {"heading": heading, "sentence": sentence, "page": page, "button": button}
        return render(request, "discussion/letter.html", context, status=status)


@by_token
class Confirm(Letter):
    """Confirm the address that was given with a first comment."""

    heading = gettext_lazy("Confirm your e-mail address")

    def dispatch(self, request, token):
        try:
            key, expired = tokens.confirmed_submission(token), False
        except tokens.ExpiredLink as late:
            key, expired = late.content, True
        except tokens.StaleToken:
            return self.say(request, self.heading, BAD_LINK, status=404)
        comment = PageComment.objects.filter(submission_key=key).select_related("page").first()
        if comment is None:
            return self.say(request, self.heading, COMMENT_GONE, status=410)
        if expired:  # too old to prove anything
            waits = comment.state == State.UNCONFIRMED or confirmation.something_waits(comment)
            return (self.offer_fresh if waits else self.tell)(request, comment)
        return super().dispatch(request, comment)

    def tell(self, request, comment):
        """What became of the comment."""
        return self.say(request, self.heading, _became_of(comment), page=comment.page, comment=_seen(comment))

    def offer_fresh(self, request, comment):
        if request.method == "POST":
            try:
                confirmation.write_again(comment)
            except quotas.Exceeded:
                return self.say(request, self.heading, ASKED_TOO_OFTEN, status=429, page=comment.page)
            return self.say(request, self.heading, _("A fresh link is on its way to you."), page=comment.page)
        sentence = _("This link is more than a week old. Press the button, and a fresh one is sent to you.")
        return self.say(request, self.heading, sentence, status=410, page=comment.page, button=_("Send a fresh link"))

    def get(self, request, comment):
        asked = _asked_about(comment)
        if asked:
            sentence = _(
                "Press the button if these words are yours. This browser then comments under your address without another mail."
            )
        elif confirmation.wishes_with(comment).exists():
            sentence = _("Press the button if you asked to be told by e-mail. Each mail holds a link by which to end it.")
        else:
            return self.tell(request, comment)
        if asked != comment:
            sentence = f"{_became_of(comment)} {sentence}"
        words = _words_of(asked) if asked else {}
        return self.say(request, self.heading, sentence, page=comment.page, button=_("Confirm"), comment=_seen(comment), **words)

    def post(self, request, comment):
        asked = _asked_about(comment) or comment
        try:
            confirmation.confirm(comment)
        except confirmation.Banned:
            return self.say(request, self.heading, BANNED, status=403, page=comment.page, **_words_of(asked))
        asked = PageComment.objects.filter(pk=asked.pk).select_related("page").first()
        if asked is None:  # its page was deleted at this very moment
            return self.say(request, self.heading, COMMENT_GONE, status=410)
        if asked.state == State.UNCONFIRMED:  # a moderator moved it at this very moment: one more press confirms it
            return self.get(request, comment)
        response = self.tell(request, asked)
        self.remember(response, request, asked)
        return response

    @staticmethod
    def remember(response, request, comment):
        """This browser has the mailbox: it may comment under the address, and finds the comment if it knew none yet.

        Only where the button stood on this site. Else another site could press its own owner's link in any browser, and its
        owner would hold the key by which what that browser posts afterwards is read, changed and deleted.
        """
        if not tokens.comes_from_here(request):
            return
        if comment.person_key:
            tokens.remember_confirmed(response, request, comment.person_key)
        if comment.author_key and not tokens.author_key(request):
            tokens.remember(response, comment.author_key)


def _asked_about(comment):
    """The comment whose words the button of its link is about: itself while it waits, else the first that waits with it."""
    return comment if comment.state == State.UNCONFIRMED else confirmation.waiting_with(comment).order_by("pk").first()


def _words_of(comment) -> dict:
    return {"words": formatting.shown(formatting.render(comment.comment)), "name": comment.user_name}


def _became_of(comment) -> str:
    """What became of the comment, and whether its address is confirmed."""
    state = state_for_author(comment)
    sentence = BECAME[state]
    if state == State.PENDING and not confirmation.is_open(comment.page.specific):
        sentence = _("The discussion closed meanwhile; a moderator decides about the comment.")
    elif state == State.PUBLISHED and comment.hidden_by_ancestor:
        sentence = UNDER_HIDDEN
    elif state == State.PENDING and comment.root.closed_at:
        sentence = _("The thread was closed meanwhile; a moderator decides about the comment.")
    return f"{_('Your address is confirmed.')} {sentence}" if comment.confirmed_at else str(sentence)


def _seen(comment):
    """The comment when readers see it, to lead to; otherwise None."""
    return comment if comment.is_published and is_visible(comment.page) else None


@by_token
class OfSubscription(Letter):
    """A link about a subscription: ``[key, person]`` in a token."""

    gone = gettext_lazy("There is no such wish any more, and no mail will come.")

    def read(self, token):
        raise NotImplementedError

    def dispatch(self, request, token):
        try:
            key, person = self.read(token)
        except tokens.ExpiredLink:
            sentence = _("This link is more than a week old. Ask for mail once more to get a new one.")
            return self.say(request, self.heading, sentence, status=410)
        except (tokens.StaleToken, ValueError):
            return self.say(request, self.heading, BAD_LINK, status=404)
        subscription = subscriptions.known_as(key, person)
        if subscription is None:
            return self.say(request, self.heading, self.gone, status=410)
        return super().dispatch(request, subscription)


class Subscribe(OfSubscription):
    """Confirm that one wants mail about a discussion."""

    heading = gettext_lazy("Mail about comments")

    def read(self, token):
        return tokens.wished(token)

    def get(self, request, subscription):
        if subscription.holds:
            return self.say(request, self.heading, _("You are told by e-mail already."), page=subscription.page)
        if not subscription.waits:
            return self.say(request, self.heading, self.gone, status=410)
        sentence = _("Press the button to be told by e-mail. Each mail holds a link by which to end it.")
        return self.say(request, self.heading, sentence, page=subscription.page, button=_("Yes, tell me"))

    def post(self, request, subscription):
        if not (subscription.holds or subscription.waits):
            return self.say(request, self.heading, self.gone, status=410)
        subscriptions.confirm(subscription)
        response = self.say(request, _("Thank you"), _("You will be told by e-mail."), page=subscription.page)
        if tokens.comes_from_here(request):  # as in ``Confirm.remember``
            tokens.remember_confirmed(response, request, subscription.person_key)
        return response


class Unsubscribe(OfSubscription):
    """End the mails about a discussion; by one press, also by a mail service's own (RFC 8058)."""

    heading = gettext_lazy("No more mail")

    def read(self, token):
        return tokens.ended(token)

    def get(self, request, subscription):
        if subscription.ended_at and not subscription.waits:
            return self.say(request, self.heading, _("This has ended already. No more mail will come."), page=subscription.page)
        sentence = _("Press the button, and no more mail about this discussion will come.")
        button = _("No more mail about this page")
        all_button = _("No more mail about any page")
        return self.say(request, self.heading, sentence, page=subscription.page, button=button, all_button=all_button)

    def post(self, request, subscription):
        subscriptions.end(subscription, everywhere="everywhere" in request.POST)
        return self.say(request, self.heading, _("Done. No more mail will come."), page=subscription.page)


@method_decorator([never_cache, csrf_exempt], name="dispatch")  # as the comment form: ``tokens.comes_from_here``
class Follow(View):
    """Be told of every new comment on a page, without writing one."""

    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request, page_id):
        content = readable_page(request, page_id)
        account = account_of(request)
        is_shown = standing_of(content, row_of(content)).is_shown
        if not is_shown or not subscriptions.can_be_told_of(content) or (account and not account.email):
            raise Http404
        return super().dispatch(request, content, account)

    def get(self, request, content, account):
        return self.show(request, content, None if account else FollowForm())

    def post(self, request, content, account):
        form = None if account else FollowForm(request.POST)
        if form and not form.is_valid():
            return self.show(request, content, form, status=400)
        if not tokens.comes_from_here(request):
            return self.show(request, content, form, notice=_("Press once more: your browser did not say where the form stood."))
        email = account.email if account else form.cleaned_data["email"]
        proven = account is not None or is_proven(request, email)
        try:
            with transaction.atomic():
                held = ContentPage.objects.select_for_update(of=("self",), no_key=True).filter(pk=content.pk)
                if not held.exists():  # deleted meanwhile
                    raise Http404
                quotas.take(f"follow:{address_key(client_address(request))}", FOLLOWS_AN_HOUR, HOUR)
                noted = self.note(request, content, account, email, is_proven=proven)
        except quotas.Exceeded:
            return self.show(request, content, form, status=429, notice=_("Too many in a short time. Try again in an hour."))
        if not noted:
            return self.show(request, content, form, status=429, notice=ASKED_TOO_OFTEN)
        # The same words whether the address was known or not: nobody learns who follows.
        notice = (
            _("You will be told by e-mail.") if proven else _("We have sent a mail. Open the link in it, and you will be told.")
        )
        return self.show(request, content, None, notice=notice, done=True)

    @staticmethod
    def note(request, content, account, email, *, is_proven) -> bool:
        """Note the wish; False where the address was asked too often, which counts for who tries out addresses all the same."""
        scopes, browser = [Subscription.Scope.PAGE], tokens.author_key(request)
        try:
            with transaction.atomic():
                subscriptions.subscribe(content, email, scopes, user=account, author_key=browser, is_proven=is_proven)
        except quotas.Exceeded:
            return False
        return True

    def show(self, request, content, form, *, status=200, notice="", done=False):
        context = {"page": content, "form": form, "notice": notice, "done": done}
        return render(request, "discussion/follow.html", context, status=status)
