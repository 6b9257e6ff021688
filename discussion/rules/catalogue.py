"""All rules there are: what each is called, what can be set of it, and what holds until somebody sets it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from discussion.rules import by_person, by_text, private, wording
from discussion.rules.addresses import SHORTENERS
from discussion.rules.findings import REJECT

HOLD_AT = 10
HEAVIEST = 100

NUMBER, SWITCH, WORDS, LINES, CHOICES = "number", "switch", "words", "lines", "choices"


@dataclass(frozen=True)
class Option:
    """Something that can be set of a rule. ``kind`` says what its value is; ``least`` and ``most`` bound a number."""

    name: str
    label: str
    default: object
    kind: str = NUMBER
    least: int = 0
    most: int = 0
    advice: str = ""
    choices: tuple = ()


@dataclass(frozen=True)
class Rule:
    """``judge`` takes a comment's facts and the options; ``words`` makes a sentence of what it found.

    ``asks``: what of the past it looks at. ``rejects``: it has no weight, since it decides by itself.
    """

    name: str
    label: str
    advice: str
    judge: Callable
    words: Callable[[dict], str]
    weight: int = HOLD_AT
    options: tuple[Option, ...] = ()
    asks: frozenset = frozenset()
    rejects: bool = False

    @property
    def effect(self) -> str:
        return REJECT if self.rejects else ""


SUSPECT = """check me out
check my
check our new*
check out my
check out our
check this out
check us out
click here
please subscribe
subscribe me
subscribe my
subscribe to me
subscribe to my
sub to my
sub # sub
follow me on
visit my
my channel
like this comment
gift card*
earn money
make money
get paid
work from home
from the comfort of your home
payday loan*
online casino*
casino bonus*
crypto invest*
bitcoin invest*
forex
binary option*
guest post*
seo service*
seo expert*
backlink*
whatsapp me
whatsapp #
telegram channel
weight loss
cheap viagra
buy viagra
buy cialis
cunt*
fuck*
motherfuck*
wank*"""

ONE_CASE = """appointee*
benefit claim
care order
child protection plan
cop
court of protection
custody of
diagnosed with
dwp
guardianship
her medication
his medication
lasting power of attorney
my brother's
my case
my client
my daughter's
my father's
my husband's
my mother's
my neighbour
my patient
my sister's
my social worker
my son's
my wife's
safeguarding
section 2
section 3
section #
sectioned
social worker called
tribunal hearing"""

_KINDS = (
    (private.EMAIL, _("E-mail addresses")),
    (private.PHONE, _("Telephone numbers")),
    (private.REFERENCE, _("Case and reference numbers")),
    (private.INSURANCE, _("National insurance, social security and NHS numbers")),
    (private.BIRTH, _("Dates of birth")),
    (private.ADDRESS, _("House and street, with or without postcode")),
)

_WORD_ADVICE = _(
    "One word or phrase a line, found only as whole words, in capitals or not. “*” stands for any letters, “#” for a number; "
    "“fr: mot” counts on pages in French only."
)

RULES = (
    Rule(
        "banned",
        _("Banned words"),
        _("A comment with one of these is rejected outright. Moderators find it among the rejected, and can publish it."),
        by_text.listed_words,
        wording.banned,
        rejects=True,
        options=(Option("words", _("Words"), "", WORDS, advice=_WORD_ADVICE),),
    ),
    Rule(
        "suspect",
        _("Suspect words"),
        _("Words of advertising and abuse that a comment may still have a reason to use."),
        by_text.listed_words,
        wording.suspect,
        options=(Option("words", _("Words"), SUSPECT, WORDS, advice=_WORD_ADVICE),),
    ),
    Rule(
        "links",
        _("Links"),
        _("Counts addresses of any shape; those of this site do not count."),
        by_text.links,
        wording.links,
        asks=frozenset({"person"}),
        options=(
            Option("most", _("Links let through"), 2, least=0, most=50, advice=_("The rule fires with one more.")),
            Option(
                "newcomers",
                _("Links of a newcomer let through"),
                0,
                least=0,
                most=50,
                advice=_("Of a person without a published comment."),
            ),
            Option("allowed", _("Sites that do not count"), "", LINES, advice=_("One host a line, for example www.example.org.")),
        ),
    ),
    Rule(
        "odd_links",
        _("Disguised links"),
        _("Malformed (http:/x.example), hxxp, “x dot com”, shortened, or with letters that look like others."),
        by_text.odd_links,
        wording.odd_links,
        options=(Option("shorteners", _("Shorteners"), SHORTENERS.replace(" ", "\n"), LINES, advice=_("One host a line.")),),
    ),
    Rule(
        "lookalikes",
        _("Look-alike letters"),
        _("Words that mix Latin letters with Cyrillic or Greek ones of the same shape, to slip past lists of words."),
        by_text.lookalikes,
        wording.lookalikes,
    ),
    Rule(
        "praise",
        _("Praise without content"),
        _("“Nice article thank you”: with a link it is nearly always spam, alone it may be meant. Knows English only."),
        by_text.praise,
        wording.praise,
        options=(
            Option("alone", _("Weight without a link"), 3, least=0, most=HEAVIEST),
            Option("words", _("More words of praise"), "", LINES, advice=_("One a line, for other languages.")),
        ),
    ),
    Rule(
        "repetition",
        _("Said before"),
        _("Nearly the same as an earlier comment, also when one of them is cut short. Quoted lines do not count."),
        by_person.repetition,
        wording.repetition,
        asks=frozenset({"likeness"}),
        options=(
            Option("share", _("Share in common, per cent"), 80, least=30, most=100, advice=_("Of the shorter of the two.")),
            Option("words", _("Words at least"), 12, least=5, most=500, advice=_("Shorter comments are alike by chance.")),
        ),
    ),
    Rule(
        "personal",
        _("Personal details"),
        _("What should not stand there for everybody to read, whosever it is. Approve with an edit to take it out."),
        by_text.personal_details,
        wording.personal,
        options=(
            Option("kinds", _("Looked for"), tuple(kind for kind, _label in _KINDS), CHOICES, choices=_KINDS),
            Option(
                "allowed",
                _("Never meant"),
                "",
                LINES,
                advice=_("One a line: your own addresses and numbers; @example.org for all of a domain."),
            ),
        ),
    ),
    Rule(
        "case",
        _("One person’s case"),
        _("Several words that tell of somebody’s health, benefits or family before the law."),
        by_text.one_case,
        wording.case,
        options=(
            Option("words", _("Words"), ONE_CASE, WORDS, advice=_WORD_ADVICE),
            Option("least", _("Different ones at least"), 3, least=1, most=20),
        ),
    ),
    Rule(
        "shouting",
        _("Shouting"),
        _("Capitals and exclamation marks; scripts without capitals never shout."),
        by_text.shouting,
        wording.shouting,
        weight=6,
        options=(
            Option("capitals", _("Capitals, per cent of letters"), 60, least=10, most=100),
            Option("exclamations", _("Exclamation marks"), 6, least=1, most=1000),
        ),
    ),
    Rule(
        "length",
        _("Length"),
        _("Very short and very long comments, in characters."),
        by_text.length,
        wording.length,
        weight=3,
        options=(
            Option("shortest", _("At least"), 8, least=0, most=1000),
            Option("longest", _("At most"), 8000, least=100, most=10_000),
        ),
    ),
    Rule(
        "newcomer",
        _("A person’s first comments"),
        _("Until so many were published. With the weight that holds, each newcomer waits; with less, it tips the balance."),
        by_person.newcomer,
        wording.newcomer,
        weight=4,
        asks=frozenset({"person"}),
        options=(Option("approved", _("Published comments wanted"), 1, least=1, most=50),),
    ),
    Rule(
        "rejections",
        _("Turned down of late"),
        _("A person of whose last comments many were rejected, spam or removed."),
        by_person.rejections,
        wording.rejections,
        asks=frozenset({"person"}),
        options=(
            Option("of", _("Last decided comments"), 10, least=1, most=50),
            Option("share", _("Share turned down, per cent"), 40, least=1, most=100),
            Option("least", _("Turned down at least"), 2, least=1, most=50),
        ),
    ),
    Rule(
        "burst",
        _("Many in a short time"),
        _("From one person, or from one network. An office or a school may share one network."),
        by_person.burst,
        wording.burst,
        asks=frozenset({"person", "network"}),
        options=(
            Option("minutes", _("Minutes"), 10, least=1, most=1440),
            Option("person", _("Earlier comments of the person"), 3, least=1, most=50),
            Option("network", _("Earlier comments from the network"), 8, least=1, most=100),
        ),
    ),
    Rule(
        "speed",
        _("Filled in fast"),
        _("Seconds between the form’s first key or preview and its sending. People paste, and read previews quickly."),
        by_person.speed,
        wording.speed,
        weight=3,
        options=(Option("seconds", _("Seconds at least"), 4, least=1, most=600),),
    ),
    Rule(
        "sender",
        _("Mail domain"),
        _("Mailboxes that anybody opens for some minutes, and domains of your own list."),
        by_person.sender,
        wording.sender,
        options=(
            Option("disposable", _("Disposable mailboxes"), True, SWITCH),
            Option("domains", _("Other domains"), "", LINES, advice=_("One a line; those beneath count too.")),
        ),
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}
