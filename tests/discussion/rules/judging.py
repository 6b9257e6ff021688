"""What tests of rules begin with: a verdict on a text without a database, and what of it was matched."""

from dataclasses import replace

from discussion.rules.assessing import verdict_on
from discussion.rules.configuration import Chosen, Configuration, default_configuration
from discussion.rules.facts import Facts
from discussion.rules.findings import Case, Verdict
from discussion.rules.likeness import runs_of
from discussion.rules.past import Past

DEFAULT = default_configuration()


def with_options(rule: str, configuration: Configuration = DEFAULT, **options) -> Configuration:
    chosen = configuration.of(rule)
    changed = replace(chosen, options=chosen.options | options)
    return replace(configuration, rules=configuration.rules | {rule: changed})


def without(rule: str, configuration: Configuration = DEFAULT) -> Configuration:
    switched_off = replace(configuration.of(rule), is_on=False)
    return replace(configuration, rules=configuration.rules | {rule: switched_off})


def only(rule: str, **options) -> Configuration:
    """``rule`` switched on, and no other."""
    configuration = with_options(rule, **options)
    rules = {name: Chosen(name == rule, chosen.weight, chosen.options) for name, chosen in configuration.rules.items()}
    return replace(configuration, rules=rules)


def verdict(text: str, configuration: Configuration = DEFAULT, past: Past | None = None, **values) -> Verdict:
    past = past or Past()
    past.runs = runs_of(text)
    return verdict_on(Facts(Case(text, **values), past), configuration)


def matched(rule: str, text: str, configuration: Configuration | None = None, **values) -> list[str] | None:
    """What ``rule`` alone matched in ``text``, in the order of the text; None when it did not fire."""
    findings = verdict(text, configuration or only(rule), **values).findings
    return [text[start:end] for start, end in findings[0].spans] if findings else None
