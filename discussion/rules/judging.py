"""Where a comment goes when it is posted, changed or confirmed: a moderator's word on its person, the rules, the page's mode."""

from collections import defaultdict
from dataclasses import dataclass, replace

from discussion.models import DiscussionSettings, Flag, PageComment, State, Treatment
from discussion.openness import settings_of
from discussion.persons import network_key, person_key
from discussion.posting import Submission, is_exempt, must_be_held
from discussion.rules.assessing import TREATMENT, assess, effect_of
from discussion.rules.configuration import Configuration, configuration_of
from discussion.rules.findings import HOLD, NOTHING, REJECT, Case, Finding, Verdict
from discussion.rules.flagging import reason_of
from pages.models import ContentPage


@dataclass(frozen=True)
class Judgement:
    """``hold``: a moderator reads it first, whatever the rules found. ``verdict``: what they found."""

    hold: bool
    verdict: Verdict = Verdict()


def judge_submission(
    page: ContentPage,
    submission: Submission,
    rules: DiscussionSettings,
    treatment: Treatment | None = None,
    *,
    seconds: float | None = None,
    request=None,
) -> Judgement:
    """What becomes of ``submission``. ``rules`` are the page's; ``treatment`` as ``treatments.believed`` has it; ``seconds``
    since its form was issued. Seven queries at most, before anything is locked.
    """
    case = Case(
        text=submission.text,
        name=submission.name,
        email=submission.email,
        user_id=submission.user.pk if submission.user else None,
        person_key=person_key(submission.email),
        author_key=submission.author_key,
        network_key=network_key(submission.address),
        is_proven=submission.is_proven,
        seconds=seconds,
        **_of_page(page, request),
    )
    return _judge(page, case, submission.user, rules, treatment)


def judge_change(
    page: ContentPage, comment: PageComment, text: str, user, rules: DiscussionSettings, treatment: Treatment | None = None
) -> Judgement:
    """What becomes of ``comment`` when it says ``text``."""
    return _judge(page, case_of(comment, text=text, **_of_page(page)), user, rules, treatment)


def case_of(comment: PageComment, **values) -> Case:
    """A stored comment as rules see it, as of the time when it was submitted."""
    known = {
        "text": comment.comment,
        "name": comment.user_name,
        "email": comment.user_email,
        "page_id": comment.page_id,
        "user_id": comment.user_id,
        "person_key": comment.person_key,
        "author_key": comment.author_key,
        "network_key": comment.network_key,
        "is_proven": comment.confirmed_at is not None,
        "comment_id": comment.pk,
        "now": comment.submitted_at,
    }
    return Case(**(known | values))


def _of_page(page, request=None) -> dict:
    parts = page.get_url_parts(request)
    host = parts[1].partition("://")[2].partition(":")[0] if parts and parts[1] else ""
    return {"page_id": page.pk, "own_hosts": (host,) if host else ()}


def _judge(page, case: Case, user, rules, treatment) -> Judgement:
    hold = must_be_held(page, user, treatment)
    if is_exempt(page, user) or (treatment and treatment.kind == Treatment.Kind.TRUST):
        return Judgement(hold)
    configuration = configuration_of(rules.site_id)
    verdict = assess(_with_language(case, page, configuration), configuration)
    if treatment:
        about = treatment.subject if treatment.subject.startswith("@") else ""
        by_moderator = Finding(TREATMENT, 0, HOLD, {"about": about})
        verdict = Verdict((by_moderator, *verdict.findings), verdict.effect or HOLD)
    return Judgement(hold, verdict)


def _with_language(case: Case, page, configuration: Configuration) -> Case:
    """``case`` with the page's language, which is asked for only where a list of words has one."""
    if not configuration.asks_language:
        return case
    return replace(case, language=page.locale.language_code)


class Confirmation:
    """Where comments of one person go whose address is confirmed now, so that trust in it counts.

    What the rules found when they were posted holds; what a moderator said of the person since (``treatment``) holds too.
    """

    def __init__(self, comments: list[PageComment], treatment: Treatment | None):
        self.treatment = treatment
        self.flags = defaultdict(list)
        for flag in Flag.objects.filter(comment__in=comments):
            self.flags[flag.comment_id].append(flag)

    def of(self, comment: PageComment, page: ContentPage, *, is_open: bool) -> tuple[State, str]:
        """The state of ``comment`` on ``page``, and the reason where it is rejected. ``is_open``: comments are taken still."""
        flags = [] if self.treatment and self.treatment.kind == Treatment.Kind.TRUST else self.flags[comment.pk]
        effect = effect_of(flags, configuration_of(settings_of(page).site_id).hold_at) if flags else NOTHING
        if effect == REJECT:
            return State.REJECTED, reason_of(Verdict(tuple(flags), REJECT))
        waits = effect or not is_open or must_be_held(page, None, self.treatment)
        return (State.PENDING if waits else State.PUBLISHED), ""
