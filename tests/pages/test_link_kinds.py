"""The kinds of links: what hubs begin with, how administrators change them, and that no link is lost by it."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from pages import link_kinds
from pages.house_kinds import HOUSE_KINDS
from pages.models import ContentLink, IncomingLink, LinkKind
from pages.models.link_kind import SentenceBlock
from pages.related import related_to
from pages.sentences import HOUSE, check_sentence
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(section):
    return factories.PublicationPageFactory(parent=section, title="The report", slug="the-report")


def url(name, *arguments):
    return reverse(LinkKind.snippet_viewset.get_url_name(name), args=arguments)


def kind_form(*sentences, **values) -> dict:
    blank = {"end": "", "verb": "", "one": "", "several": "", "whole": ""}
    rows = streamfield([("sentence", blank | sentence) for sentence in sentences])
    fields = {"name": "comments on", "inverse_name": "comments", "slug": "comments-on", "order": "90"}
    return nested_form_data(fields | values | {"sentences": rows})


def sentences_about(page) -> list[str]:
    return [line.sentence.one for line in related_to(page).lines]


def test_hub_begins_with_the_houses_kinds():
    stored = [(kind.slug, kind.name, kind.inverse_name, kind.at_the_head, kind.patterns) for kind in LinkKind.objects.in_order()]
    assert stored == [(k.slug, k.name, k.inverse_name, k.at_the_head, k.sentences) for k in HOUSE_KINDS]


def test_every_sentence_of_the_house_passes_its_own_check():
    for sentence in [*HOUSE, *(sentence for kind in HOUSE_KINDS for sentence in kind.sentences)]:
        check_sentence(sentence.one)
        check_sentence(sentence.several or "{title}", several=True)
        check_sentence(sentence.whole or "[x]", whole=True)


def test_administrator_adds_a_kind_and_readers_see_its_sentences(administrator_client, report, article):
    rows = [{"end": "source", "one": "Hear what it says of this: {title}"}, {"end": "target", "one": "It speaks of {title}"}]
    assert administrator_client.post(url("add"), kind_form(*rows)).status_code == 302
    factories.ContentLinkFactory(source=article, target=report, kind="comments-on")
    assert sentences_about(report) == ["Hear what it says of this: {title}"]
    assert sentences_about(article) == ["It speaks of {title}"]


def test_editor_of_a_page_is_offered_the_new_kind(administrator_client, article):
    LinkKind.objects.create(slug="comments-on", name="comments on", inverse_name="comments")
    html = administrator_client.get(f"/admin/pages/{article.pk}/edit/").content.decode()
    assert '<option value="comments-on">comments on</option>' in html


def test_wrong_sentence_is_told_at_its_field():
    block = SentenceBlock()
    value = block.to_python({"one": "Watch {spekers}: {title}", "several": "Watch [these]", "whole": "Watch these"})
    with pytest.raises(ValidationError) as caught:
        block.clean(value)
    assert {name: len(error.messages) for name, error in caught.value.block_errors.items()} == {
        "one": 1,
        "several": 1,
        "whole": 1,
    }


def test_wrong_sentence_is_refused_by_the_form(administrator_client):
    answer = administrator_client.post(url("add"), kind_form({"one": "Watch {spekers}: {title}"}))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["sentences"]
    assert not LinkKind.objects.filter(slug="comments-on").exists()


def test_code_of_a_kind_cannot_be_changed(administrator_client):
    kind = LinkKind.objects.get(slug="talk-about")
    answer = administrator_client.post(url("edit", kind.pk), kind_form(slug="speech-about"))
    assert answer.context["form"].errors == {"slug": ["The code stands in every link of this kind and cannot be changed."]}


def test_kind_that_is_in_use_is_not_deleted_without_a_word(administrator_client, report, article):
    kind = LinkKind.objects.get(slug="talk-about")
    factories.ContentLinkFactory(source=article, target=report, kind="talk-about")
    shown = administrator_client.get(url("delete", kind.pk)).content.decode()
    assert "1 link “is a talk about”. It cannot just go" in BeautifulSoup(shown, "html.parser").get_text()
    refused = administrator_client.post(url("delete", kind.pk))
    assert "a kind that is in use cannot just go" in refused.content.decode()
    assert LinkKind.objects.current().filter(slug="talk-about").exists()
    assert administrator_client.post(url("delete", kind.pk), {"into": "responds-to"}).status_code == 302
    assert not LinkKind.objects.current().filter(slug="talk-about").exists()
    assert [link.kind for link in ContentLink.objects.all()] == ["responds-to"]
    assert sentences_about(report) == ["See a response: {title}"]


def test_kind_that_nobody_uses_is_deleted(administrator_client):
    kind = LinkKind.objects.get(slug="talk-about")
    assert administrator_client.post(url("delete", kind.pk)).status_code == 302
    assert not LinkKind.objects.filter(slug="talk-about").exists()


def test_default_kind_stays(administrator_client):
    kind = LinkKind.objects.get(slug=LinkKind.RELATED_TO)
    administrator_client.post(url("delete", kind.pk), {"into": "responds-to"})
    assert LinkKind.objects.current().filter(slug=LinkKind.RELATED_TO).exists()


@pytest.mark.parametrize(("slug", "stays"), [("talk-about", True), ("article-about", False), ("related-to", True)])
def test_deleting_by_the_dozen_passes_over_kinds_that_are_needed(administrator_client, report, article, slug, stays):
    factories.ContentLinkFactory(source=article, target=report, kind="talk-about")
    kind = LinkKind.objects.get(slug=slug)
    administrator_client.post(f"/admin/bulk/pages/linkkind/delete/?id={kind.pk}")
    assert LinkKind.objects.filter(pk=kind.pk).exists() is stays


def test_draft_with_a_merged_kind_comes_to_the_other_when_it_is_published(report, article):
    article.links = [ContentLink(target=report.page_ptr, kind="talk-about")]
    draft = article.save_revision()
    kinds = {kind.slug: kind for kind in LinkKind.objects.all()}
    assert link_kinds.merge(kinds["talk-about"], kinds["article-about"]) == 0
    link_kinds.merge(kinds["article-about"], kinds["responds-to"])
    assert related_to(draft.as_object()).relations[0].kind.slug == "responds-to"
    draft.publish()
    assert [link.kind for link in ContentLink.objects.all()] == ["responds-to"]


def test_draft_with_a_deleted_kind_comes_to_the_default(report, article):
    article.links = [ContentLink(target=report.page_ptr, kind="talk-about")]
    draft = article.save_revision()
    LinkKind.objects.get(slug="talk-about").delete()
    draft.publish()
    assert [link.kind for link in ContentLink.objects.all()] == [LinkKind.RELATED_TO]


@pytest.mark.parametrize("address", ["one", "many"])
def test_old_names_of_a_kind_that_is_deleted_go_with_it(administrator_client, report, article, address):
    article.links = [ContentLink(target=report.page_ptr, kind="talk-about")]
    draft = article.save_revision()
    kinds = {kind.slug: kind for kind in LinkKind.objects.all()}
    link_kinds.merge(kinds["talk-about"], kinds["article-about"])
    key = kinds["article-about"].pk
    administrator_client.post({"one": url("delete", key), "many": f"/admin/bulk/pages/linkkind/delete/?id={key}"}[address])
    assert not LinkKind.objects.filter(slug__in=["talk-about", "article-about"]).exists()
    draft.publish()
    assert [link.kind for link in ContentLink.objects.all()] == [LinkKind.RELATED_TO]


def test_merging_keeps_what_pages_make_of_their_links(report, article):
    factories.ContentLinkFactory(source=article, target=report, kind="talk-about")
    IncomingLink.objects.create(page=report, source=article, kind="talk-about", wording="As we say")
    link_kinds.merge(LinkKind.objects.get(slug="talk-about"), LinkKind.objects.get(slug="responds-to"))
    assert [entry.wording for entry in related_to(report).relations] == ["As we say"]
