"""What the rules say of a comment, and of many at once."""

from collections.abc import Sequence

from discussion.rules import wording
from discussion.rules.catalogue import BY_NAME, RULES
from discussion.rules.configuration import Configuration
from discussion.rules.facts import Facts
from discussion.rules.findings import HOLD, NOTHING, REJECT, Case, Finding, Verdict
from discussion.rules.past import pasts_of

TREATMENT = "treatment"  # a moderator's word on a person: no rule, but kept with the comment as one


def assess(case: Case, configuration: Configuration) -> Verdict:
    """What the rules that are switched on say of ``case``. Four queries at most, however many comments there are."""
    return assess_all([case], configuration)[0]


def assess_all(cases: Sequence[Case], configuration: Configuration) -> list[Verdict]:
    """The same for many comments, each as of its own time. Four queries at most for all of them."""
    asked = set().union(*(rule.asks for rule in RULES if configuration.of(rule.name).is_on))
    shorteners = configuration.of("odd_links").options["shorteners"]
    known = [Facts(case, shorteners=shorteners) for case in cases]
    words = [facts.words for facts in known]
    pasts = pasts_of(cases, words, person="person" in asked, network="network" in asked, likeness="likeness" in asked)
    for facts, past in zip(known, pasts, strict=True):
        facts.past = past
    return [verdict_on(facts, configuration) for facts in known]


def verdict_on(facts: Facts, configuration: Configuration) -> Verdict:
    """What the rules say of a comment about which everything is known. No queries."""
    found = []
    for rule in RULES:
        chosen = configuration.of(rule.name)
        hit = rule.judge(facts, chosen.options) if chosen.is_on else None
        if hit is None:
            continue
        weight = 0 if rule.rejects else chosen.weight if hit.weight is None else hit.weight
        effect = rule.effect or (HOLD if weight >= configuration.hold_at else NOTHING)
        found.append(Finding(rule.name, weight, effect, hit.detail, list(hit.spans)))
    return Verdict(tuple(found), effect_of(found, configuration.hold_at))


def effect_of(findings, hold_at: int) -> str:
    """What ``findings`` (or the flags made of them) come to together."""
    if any(finding.effect == REJECT for finding in findings):
        return REJECT
    held = any(finding.effect == HOLD for finding in findings) or sum(finding.weight for finding in findings) >= hold_at
    return HOLD if findings and held else NOTHING


def words(finding) -> str:
    """Why, as a sentence with what was matched; of a ``Finding`` or a ``Flag``."""
    try:
        if finding.rule == TREATMENT:
            return wording.treatment(finding.detail)
        return BY_NAME[finding.rule].words(finding.detail)
    except (KeyError, TypeError):  # a rule that is no more, or a flag of its former shape
        return label_of(finding.rule)


def label_of(rule: str) -> str:
    """What a rule is called; its bare name when there is no such rule any more."""
    if rule == TREATMENT:
        return str(wording.TREATMENT)
    return str(BY_NAME[rule].label) if rule in BY_NAME else rule
