"""Trying rules out: on a text, and on the last comments of a site. Nothing is saved."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from discussion.models import Discussion, PageComment, State
from discussion.permissions import MODERATE, PAGE_PATH_LENGTH
from discussion.persons import person_key
from discussion.rules.assessing import assess, assess_all, label_of, words
from discussion.rules.configuration import Configuration
from discussion.rules.findings import Case, Verdict
from discussion.rules.judging import case_of
from discussion.rules.past import TURNED_DOWN
from pages.models import Contribution

LAST = 200
LOOKED_THROUGH = 2000  # the newest of all sites, among which those of one are looked for
PAGES_OFFERED = 100
GROUPS_AND_PERMISSIONS = "django.contrib.auth.backends.ModelBackend"  # to be named where a site adds another


class TrialForm(forms.Form):
    """A text to try the rules on."""

    use_required_attribute = False

    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=settings.HUB_COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Paste a text to try the rules on.")},
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=50, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Without one, rules about the person say nothing."),
    )
    page = forms.TypedChoiceField(label=gettext_lazy("Page"), coerce=int, empty_value=None, required=False)

    def __init__(self, data=None, *, site: Site):
        super().__init__(data, prefix="try")
        discussions = Discussion.objects.filter(of_site(site, "page__")).select_related("page").defer("page__body")
        latest = discussions.order_by("-last_published_at", "-pk")[:PAGES_OFFERED]
        self.pages = {row.page_id: row.page for row in latest}
        self.fields["page"].choices = [("", "—"), *((key, page.title) for key, page in self.pages.items())]

    def verdict(self, configuration: Configuration) -> Verdict:
        """What the rules say of the text, as if the address were its sender's for sure."""
        data = self.cleaned_data
        page = self.pages.get(data["page"])
        language = page.locale.language_code if page and configuration.asks_language else ""
        case = Case(
            text=data["text"].replace("\r\n", "\n"),
            name=data["name"],
            email=data["email"],
            page_id=page.pk if page else None,
            person_key=person_key(data["email"]),
            is_proven=True,
            language=language,
        )
        return assess(case, configuration)


def of_site(site: Site, prefix: str) -> Q:
    """The condition that the page that ``prefix`` leads to is of ``site``: an index range, as in ``permissions``."""
    path = site.root_page.path
    return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lte": path.ljust(PAGE_PATH_LENGTH, "Z")})


@dataclass(frozen=True)
class Row:
    """What the rules would say of a stored comment, beside what became of it."""

    comment: PageComment
    verdict: Verdict

    @property
    def is_turned_down(self) -> bool:
        return self.comment.state in TURNED_DOWN

    @property
    def reasons(self) -> list[str]:
        return [words(finding) for finding in self.verdict.findings]


@dataclass(frozen=True)
class Run:
    """``rows``: of ``count`` comments those on which a rule decides, and those that moderators turned down without one."""

    count: int
    rows: list[Row]
    counts: list[tuple[str, int, int, int]]


def run_on_last(configuration: Configuration, site: Site) -> Run:
    """What ``configuration`` would have said of the last comments of ``site``, each as of its time.

    Not of those by moderators and contributors, of whom rules say nothing. Ten queries at most.
    """
    newest = PageComment.objects.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    comments = PageComment.objects.filter(of_site(site, "page__"), pk__in=newest)
    comments = comments.exclude(state__in=[State.ERASED, State.UNCONFIRMED]).for_queue().order_by("-pk")
    comments = _without_exempt(list(comments[:LAST]))
    cases = [case_of(comment, own_hosts=(site.hostname,), language=_language(comment, configuration)) for comment in comments]
    rows = [Row(*pair) for pair in zip(comments, assess_all(cases, configuration), strict=True)]
    worth_showing = [row for row in rows if row.verdict.effect or row.is_turned_down]
    return Run(len(rows), worth_showing, _counts(rows))


def _language(comment, configuration) -> str:
    return comment.page.locale.language_code if configuration.asks_language else ""


def _without_exempt(comments) -> list[PageComment]:
    accounts = {comment.user_id for comment in comments} - {None}
    if not accounts:
        return comments
    moderators = get_user_model().objects.with_perm(MODERATE, backend=GROUPS_AND_PERMISSIONS).filter(pk__in=accounts)
    moderators = set(moderators.values_list("pk", flat=True))
    made = Contribution.objects.filter(page_id__in={comment.page_id for comment in comments}, person__user__in=accounts)
    contributors = set(made.values_list("page_id", "person__user_id"))
    return [
        comment
        for comment in comments
        if comment.user_id not in moderators and (comment.page_id, comment.user_id) not in contributors
    ]


def _counts(rows) -> list[tuple[str, int, int, int]]:
    """For each thing that rules may say: of how many comments that are published, waiting, turned down."""
    labels = {"reject": gettext_lazy("Rejected"), "hold": gettext_lazy("Held"), "": gettext_lazy("Let through")}
    counted = []
    for effect, label in labels.items():
        states = [row.comment.state for row in rows if row.verdict.effect == effect]
        down = sum(state in TURNED_DOWN for state in states)
        counted.append((label, states.count(State.PUBLISHED), states.count(State.PENDING), down))
    return counted


def in_words(findings) -> list[dict]:
    """``[{"label", "words", "weight", "effect"}]`` of findings or flags, for a template."""
    return [
        {"label": label_of(finding.rule), "words": words(finding), "weight": finding.weight, "effect": finding.effect}
        for finding in findings
    ]
