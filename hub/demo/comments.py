"""The demo hub's discussions, posted through the same function as a reader's comments."""

import tomllib
import uuid
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from discussion.models import PageComment, State
from discussion.persons import person_key
from discussion.posting import Submission, post_comment
from discussion.rules.assessing import assess
from discussion.rules.configuration import default_configuration
from discussion.rules.findings import NO_VERDICT, NOTHING, Case, Verdict
from discussion.transitions import decide, recount
from hub.demo.site import CONTENT
from hub.demo.stream import NAMESPACE
from pages.models import ContentPage

# A state that a comment reaches only after it was published, since replies stand beneath it.
AFTER_PUBLICATION = {State.REMOVED, State.ERASED}


def build(pages: dict, say) -> None:
    """Post every comment of ``content/comments`` that is not there yet, in the order of its time."""
    sources = [
        row for path in sorted((CONTENT / "comments").glob("*.toml")) for row in tomllib.loads(path.read_text())["comment"]
    ]
    users = {user.username: user for user in get_user_model().objects.all()}
    made: dict[str, PageComment] = {}
    later: dict[tuple[str, str], list] = {}
    for source in sorted(sources, key=lambda row: _moment(pages, row)):
        page = pages[source["page"]]
        state = State(source.get("state", "published"))
        comment = _post(
            page, source, made.get(source.get("parent")), users, hold=not (state == State.PUBLISHED or state in AFTER_PUBLICATION)
        )
        made[source["id"]] = comment
        if source.get("featured"):
            PageComment.objects.filter(pk=comment.pk).update(is_featured=True)
        if state not in (comment.state, State.UNCONFIRMED):
            later.setdefault((state, source.get("reason", "")), []).append(comment.pk)
        if state == State.UNCONFIRMED:
            PageComment.objects.filter(pk=comment.pk).update(state=state)
    moderator = users.get("moderator")
    for (state, reason), ids in later.items():
        decide(ids, State(state), by=moderator, reason=reason)
    # A hub that has been looked after: only the latest have not been read yet.
    lately = timezone.now() - timedelta(days=14)
    PageComment.objects.filter(state=State.PUBLISHED, reviewed_at=None, submitted_at__lt=lately).update(reviewed_at=lately)
    recount({comment.page_id for comment in made.values()})
    say(f"  comments: {len(made)}")


def _moment(pages, source):
    start = datetime.combine(pages[source["page"]].display_date, time(9))
    return min(timezone.make_aware(start) + timedelta(days=source["days"]), timezone.now())


def _post(page: ContentPage, source: dict, parent, users, *, hold: bool) -> PageComment:
    key = uuid.uuid5(NAMESPACE, f"comment {source['id']}")
    if earlier := PageComment.objects.filter(submission_key=key).first():  # even if it was erased, and says nothing now
        return earlier
    user = users.get(source.get("account"))
    about = source.get("about", "")
    anchor = next((row.anchor for row in page.formats.all() if about.startswith(row.get_kind_display())), "") if about else ""
    submission = Submission(
        text=source["text"].strip(),
        name=source["author"],
        email=user.email if user else source["email"],
        user=user,
        author_role=source.get("role", ""),
        organisation=source.get("organisation", ""),
        submission_key=key,
        reply_to=parent.number if parent else None,
        anchor=anchor,
        anchor_text=about,
        is_proven=source.get("state") != State.UNCONFIRMED,
    )
    moment = _moment({source["page"]: page}, source)
    return post_comment(page, submission, hold=hold, verdict=_found_by_rules(page, submission, moment), now=moment)


def _found_by_rules(page, submission, moment) -> Verdict:
    """What a fresh hub's rules say of it, for moderators to see; where it goes is the story's to say."""
    if submission.user:
        return NO_VERDICT
    case = Case(
        text=submission.text,
        email=submission.email,
        page_id=page.pk,
        person_key=person_key(submission.email),
        is_proven=submission.is_proven,
        now=moment,
    )
    return replace(assess(case, default_configuration()), effect=NOTHING)
