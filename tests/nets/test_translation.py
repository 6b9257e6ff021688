"""Every word that a template shows can be translated."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))
# Read by whoever runs a broken server; no template of ours is left to load a translation with.
UNTRANSLATED = {"500.html"}
NAMES = {"PDF", "CSV", "XLSX", "KB"}  # the same in every language
SPOKEN = re.compile(r'\s(?:aria-label|aria-description|title|alt|placeholder)="([^"]*)"')


def words_of(source: str) -> list[str]:
    """The words that stand in a template as they are: outside comments, tags of Django, and markup."""
    for pattern in (
        r"{% comment %}.*?{% endcomment %}",
        r"{#.*?#}",
        r"{% blocktranslate.*?{% endblocktranslate %}",
        r"{% block head_variant %}.*?{% endblock[^%]*%}",
        r"<(script|style)\b.*?</\1>",
    ):
        source = re.sub(pattern, " ", source, flags=re.DOTALL)
    source = re.sub(r"{%.*?%}|{{.*?}}", "\x00", source, flags=re.DOTALL)
    spoken = " ".join(SPOKEN.findall(source))
    text = re.sub(r"<!--.*?-->|<[^>]*>", " ", source, flags=re.DOTALL)
    text = re.sub(r"&\w+;", " ", text)
    return [word for word in re.findall(r"[^\W\d_]{2,}", f"{text} {spoken}") if word not in NAMES]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_no_word_of_a_template_is_left_untranslatable(path):
    if path.name not in UNTRANSLATED:
        assert words_of(path.read_text()) == []


def test_untranslatable_words_would_be_seen():
    assert words_of('<p aria-label="Seen">{% translate "not" %} {{ these }} here</p>') == ["here", "Seen"]
