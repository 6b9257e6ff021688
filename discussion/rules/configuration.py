"""How the rules stand on a site: what moderators set, and the defaults of all else."""

from dataclasses import dataclass

from discussion.models import RuleSetting
from discussion.rules.catalogue import CHOICES, HEAVIEST, HOLD_AT, NUMBER, RULES, SWITCH, WORDS, Option
from discussion.rules.wordlists import word_list

THRESHOLD = "threshold"  # the row that holds, as its weight, from which sum on a comment is held
MOST_THRESHOLD = 1000


@dataclass(frozen=True)
class Chosen:
    """What holds of one rule."""

    is_on: bool
    weight: int
    options: dict


@dataclass(frozen=True)
class Configuration:
    """``hold_at``: the sum of weights from which a comment is held. ``rules``: what was chosen, by a rule's name."""

    hold_at: int
    rules: dict[str, Chosen]

    def of(self, rule: str) -> Chosen:
        return self.rules[rule]

    @property
    def asks_language(self) -> bool:
        """Whether a list that counts has words for one language only."""
        lists = (self.of(rule.name).options[option.name] for rule in RULES for option in rule.options if option.kind == WORDS)
        return any(word_list(words).languages - {""} for words in lists)


def default_configuration() -> Configuration:
    return configuration_from({})


def configuration_of(site_id) -> Configuration:
    """How the rules stand on a site. One query."""
    return configuration_from({row.rule: row for row in RuleSetting.objects.filter(site_id=site_id)})


def configuration_from(rows: dict) -> Configuration:
    """From rows with ``is_on``, ``weight`` and ``options`` by rule; what a row lacks or has wrong is as by default."""
    rules = {}
    for rule in RULES:
        row = rows.get(rule.name)
        options = {option.name: _value(option, row.options if row else {}) for option in rule.options}
        weight = min(max(row.weight, 0), HEAVIEST) if row else rule.weight
        rules[rule.name] = Chosen(row.is_on if row else True, weight, options)
    threshold = rows.get(THRESHOLD)
    return Configuration(min(max(threshold.weight, 1), MOST_THRESHOLD) if threshold else HOLD_AT, rules)


def _value(option: Option, options) -> object:
    value = options.get(option.name, option.default) if isinstance(options, dict) else option.default
    if option.kind == NUMBER:
        fits = isinstance(value, int) and not isinstance(value, bool) and option.least <= value <= option.most
    elif option.kind == SWITCH:
        fits = isinstance(value, bool)
    elif option.kind == CHOICES:
        known = {key for key, _label in option.choices}
        return tuple(key for key in value if key in known) if isinstance(value, list | tuple) else option.default
    else:
        fits = isinstance(value, str)
    return value if fits else option.default


def as_data(configuration: Configuration, rule: str) -> dict:
    """What holds of one rule, or the threshold, as values for JSON: for a row and for the record."""
    if rule == THRESHOLD:
        return {"weight": configuration.hold_at}
    chosen = configuration.of(rule)
    options = {key: list(value) if isinstance(value, tuple) else value for key, value in chosen.options.items()}
    return {"is_on": chosen.is_on, "weight": chosen.weight, "options": options}
