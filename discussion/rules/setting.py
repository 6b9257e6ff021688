"""Setting the rules: the form with all of them, and saving what was changed with a record of it."""

import hashlib
import json

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from discussion import record
from discussion.models import LogEntry, RuleSetting
from discussion.rules.catalogue import BY_NAME, CHOICES, HEAVIEST, LINES, NUMBER, RULES, SWITCH, WORDS, Option, Rule
from discussion.rules.configuration import MOST_THRESHOLD, THRESHOLD, Chosen, Configuration, as_data, configuration_of
from discussion.rules.wordlists import checked

LONGEST_LIST = 20_000
LONGEST_ENTRY = 253  # a host has no more


class WordsField(forms.CharField):
    """A list of words, each line of which has to be one."""

    def to_python(self, value):
        return checked(super().to_python(value).replace("\x00", ""))


class LinesField(forms.CharField):
    """One entry a line, blank ones left out."""

    def to_python(self, value):
        lines = [line.strip() for line in super().to_python(value).replace("\x00", "").splitlines()]
        lines = list(dict.fromkeys(line for line in lines if line))
        if too_long := [line for line in lines if len(line) > LONGEST_ENTRY]:
            raise ValidationError(_("“%(line)s…” is too long for one line.") % {"line": too_long[0][:60]})
        return "\n".join(lines)


class RulesForm(forms.Form):
    """All rules of a site: for each a switch, its weight and its options, in fields named ``rule-part``."""

    use_required_attribute = False

    threshold = forms.IntegerField(
        label=gettext_lazy("A comment is held from a sum of"),
        min_value=1,
        max_value=MOST_THRESHOLD,
        help_text=gettext_lazy("The weights of all rules that fire on it are added up."),
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, configuration: Configuration):
        self.standing = configuration
        initial = {"threshold": configuration.hold_at, "version": version_of(configuration)}
        super().__init__(data, initial=initial)
        for rule in RULES:
            chosen = configuration.of(rule.name)
            self._add(rule, "on", forms.BooleanField(label=_("On"), required=False), chosen.is_on)
            if not rule.rejects:
                weight = forms.IntegerField(label=_("Weight"), min_value=0, max_value=HEAVIEST)
                self._add(rule, "weight", weight, chosen.weight)
            for option in rule.options:
                self._add(rule, option.name, _field(option), chosen.options[option.name])

    def _add(self, rule, part, field, initial):
        field.initial = initial
        self.fields[f"{rule.name}-{part}"] = field

    def rows(self, fired: dict[str, int]) -> list[dict]:
        """``[{"rule", "switch", "weight", "options", "fired", "is_open"}]`` to be drawn; ``is_open``: with errors to be seen."""
        return [self._row(rule, fired.get(rule.name, 0)) for rule in RULES]

    def _row(self, rule, fired):
        options = [self[f"{rule.name}-{option.name}"] for option in rule.options]
        return {
            "rule": rule,
            "switch": self[f"{rule.name}-on"],
            "weight": None if rule.rejects else self[f"{rule.name}-weight"],
            "options": options,
            "fired": fired,
            "is_open": self.is_bound and any(field.errors for field in options),
        }

    def clean(self):
        if self.data.get("version", "") != version_of(self.standing) and "save" in self.data:
            self.data = self.data.copy()
            self.data["version"] = version_of(self.standing)
            raise ValidationError(
                _("Another moderator has changed the rules since you opened this page. What you typed is here; save once more.")
            )
        return super().clean()

    def configuration(self) -> Configuration:
        """What was chosen, of a valid form."""
        return Configuration(self.cleaned_data["threshold"], {rule.name: self._chosen(rule) for rule in RULES})

    def _chosen(self, rule: Rule) -> Chosen:
        def value(part):
            return self.cleaned_data[f"{rule.name}-{part}"]

        options = {
            option.name: tuple(value(option.name)) if option.kind == CHOICES else value(option.name) for option in rule.options
        }
        return Chosen(value("on"), rule.weight if rule.rejects else value("weight"), options)


def _field(option: Option) -> forms.Field:
    common = {"label": option.label, "help_text": option.advice}
    if option.kind == NUMBER:
        return forms.IntegerField(min_value=option.least, max_value=option.most, **common)
    if option.kind == SWITCH:
        return forms.BooleanField(required=False, **common)
    if option.kind == CHOICES:
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=option.choices, widget=widget, required=False, **common)
    field = {WORDS: WordsField, LINES: LinesField}[option.kind]
    return field(required=False, max_length=LONGEST_LIST, widget=forms.Textarea(attrs={"rows": 5}), **common)


def version_of(configuration: Configuration) -> str:
    """Tells two states of the rules apart."""
    data = {name: as_data(configuration, name) for name in [THRESHOLD, *BY_NAME]}
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def set_rules(site: Site, configuration: Configuration, *, by) -> list[str]:
    """Let the rules of ``site`` stand as ``configuration`` has it; the labels of those that changed, each in the record."""
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        standing, changed = configuration_of(site.pk), []
        for name in [THRESHOLD, *BY_NAME]:
            before, after = as_data(standing, name), as_data(configuration, name)
            if before == after:
                continue
            RuleSetting.objects.update_or_create(site=site, rule=name, defaults=after)
            label = label_of(name)
            record.write(LogEntry.Action.RULE, by=by, about=f"{label} ({site.hostname})", before=before, after=after)
            changed.append(label)
    return changed


def label_of(name: str) -> str:
    return str(BY_NAME[name].label) if name in BY_NAME else _("Sum from which comments are held")
