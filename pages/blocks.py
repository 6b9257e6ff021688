"""The blocks of which every page's body is made.

A block is fields and a template; it knows no models. Headings exist only as heading blocks, and their anchors come
from the block's id, so that neither renaming nor moving a heading breaks a link to it.
"""

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from pages.captions import clock, seconds
from pages.players import recognise, validate_video_address
from people.visibility import is_visible

TEXT_FEATURES = ["bold", "italic", "superscript", "subscript", "link", "document-link", "ol", "ul"]
SHORT_FEATURES = ["bold", "italic", "link"]

GROUP_TEXT = _("Text")
GROUP_VOICES = _("Voices")
GROUP_MEDIA = _("Pictures, films and data")
GROUP_ONWARD = _("Onward")


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=150)
    level = blocks.ChoiceBlock(
        label=_("Level"),
        choices=[("2", _("Section")), ("3", _("Subsection"))],
        default="2",
        help_text=_("Sections make the contents list."),
    )

    class Meta:
        icon = "title"
        group = GROUP_TEXT
        template = "blocks/heading.html"
        description = _("A section or subsection heading, which readers can link to")
        preview_value = {"text": _("What the river taught us"), "level": "2"}


class ParagraphBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs):
        super().__init__(features=TEXT_FEATURES, **kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")
        group = GROUP_TEXT
        template = "blocks/paragraph.html"
        description = _("Text with emphasis, links and lists")
        preview_value = "<p>The first call came at <b>ten past four</b>, and it was a wrong number.</p>"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Words"), help_text=_("Without quotation marks; they are set for you."))
    attribution = blocks.CharBlock(label=_("Who said it"), required=False, max_length=100)
    role = blocks.CharBlock(label=_("Position"), required=False, max_length=150, help_text=_("Their position at the time."))

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        group = GROUP_VOICES
        template = "blocks/quote.html"
        description = _("Somebody's words, set apart, with their name")
        preview_value = {"text": _("Nobody holds the whole map."), "attribution": _("A. Person"), "role": _("Engineer")}


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"), help_text=_("Describe what the picture shows to those who cannot see it."))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=300)
    credit = blocks.CharBlock(
        label=_("Credit"), required=False, max_length=150, help_text=_("Who made it, or the source of the data.")
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        group = GROUP_MEDIA
        template = "blocks/figure.html"
        description = _("A picture or chart with caption, credit and a description in words")
        preview_template = "blocks/previews/figure.html"


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, help_text=_("What the table shows, read out before it."))
    table = TypedTableBlock(
        [("text", blocks.CharBlock(required=False)), ("number", blocks.CharBlock(required=False, label=_("Number")))],
        label=_("Table"),
        help_text=_("Columns of numbers are set in line."),
    )
    row_headings = blocks.BooleanBlock(label=_("The first column names the row"), required=False, default=True)
    source = blocks.CharBlock(label=_("Source"), required=False, max_length=200)

    class Meta:
        icon = "table"
        label = _("Table")
        group = GROUP_MEDIA
        template = "blocks/table.html"
        description = _("Rows and columns with a caption")
        preview_value = {
            "caption": _("Doors dry, by street"),
            "table": {
                "columns": [{"type": "text", "heading": _("Street")}, {"type": "number", "heading": _("Doors")}],
                "rows": [{"values": ["Pound Lane", "14"]}, {"values": ["Quay Street", "61"]}],
                "caption": "",
            },
            "row_headings": True,
        }


class EmbedStructValue(blocks.StructValue):
    @cached_property
    def player(self):
        """The recognised player, or None for an address that is no longer supported."""
        return recognise(self.get("address") or "")


class EmbedBlock(blocks.StructBlock):
    address = blocks.URLBlock(
        label=_("Address of the film"), validators=[validate_video_address], help_text=_("On YouTube or Vimeo.")
    )
    title = blocks.CharBlock(label=_("Title"), max_length=150)
    poster = ImageBlock(
        label=_("Poster"), required=False, help_text=_("Shown until somebody presses play; nothing is asked of the host before.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=300)

    class Meta:
        icon = "media"
        label = _("Film from elsewhere")
        group = GROUP_MEDIA
        template = "blocks/embed.html"
        description = _("A film on YouTube or Vimeo, loaded only after a press")
        value_class = EmbedStructValue
        preview_value = {"address": "https://vimeo.com/123456789", "title": _("A walk along the dike"), "caption": ""}


class CalloutBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=[*SHORT_FEATURES, "ul", "ol"])

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        group = GROUP_TEXT
        template = "blocks/callout.html"
        description = _("An aside: a case, a definition, a warning")
        preview_value = {"title": _("How we counted"), "text": "<p>Every household was asked twice.</p>"}


class KeyPointsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=80, default=_("Key points"))
    points = blocks.ListBlock(blocks.RichTextBlock(features=SHORT_FEATURES), label=_("Points"), min_num=1, max_num=8)

    class Meta:
        icon = "list-ul"
        label = _("Key points")
        group = GROUP_TEXT
        template = "blocks/key_points.html"
        description = _("What a reader in a hurry should take away")
        preview_value = {"title": _("Key points"), "points": ["<p>Warnings travel by kitchen.</p>", "<p>Lists save lives.</p>"]}


class ExchangeBlock(blocks.StructBlock):
    label = blocks.CharBlock(
        label=_("Speaker"),
        required=False,
        max_length=12,
        help_text=_("The short label of a contributor to this page, such as A.P. Leave empty to go on with the one above."),
    )
    part = blocks.ChoiceBlock(label=_("Part"), choices=[("question", _("Question")), ("answer", _("Answer"))], default="answer")
    text = blocks.RichTextBlock(label=_("Words"), features=[*SHORT_FEATURES, "ul", "ol"])

    class Meta:
        icon = "help"
        label = _("Question or answer")
        group = GROUP_VOICES
        template = "blocks/exchange.html"
        description = _("One turn of an interview, by speaker")
        preview_value = {"label": "T.R.", "part": "question", "text": "<p>Who rang first?</p>"}


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    text = blocks.CharBlock(
        label=_("Text of the link"), required=False, max_length=150, help_text=_("The document's title when left empty.")
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        group = GROUP_ONWARD
        template = "blocks/document.html"
        description = _("A file to download, with its kind and size")
        preview_template = "blocks/previews/document.html"


class ActionStructValue(blocks.StructValue):
    @property
    def href(self) -> str:
        """Where the action leads; empty while its page is not to be seen by readers."""
        page = self.get("page")
        if page is None:
            return self.get("address") or ""
        return page.url or "" if is_visible(page) else ""


class ActionBlock(blocks.StructBlock):
    sentence = blocks.CharBlock(
        label=_("Sentence"), required=False, max_length=200, help_text=_("What awaits there and for whom.")
    )
    text = blocks.CharBlock(label=_("Text of the link"), max_length=60)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    address = blocks.URLBlock(label=_("or address"), required=False)

    def clean(self, value):
        value = super().clean(value)
        places = bool(value.get("page")) + bool(value.get("address"))
        if places == 2 or (not places and not self.is_deferred_validation):
            message = _("Choose a page or give an address: one of the two.")
            raise blocks.StructBlockValidationError({"page": ValidationError(message)})
        return value

    class Meta:
        icon = "link"
        label = _("Call to action")
        group = GROUP_ONWARD
        template = "blocks/action.html"
        description = _("One prominent link: take part, order, read on")
        value_class = ActionStructValue
        preview_value = {
            "sentence": _("The next meeting is open to all."),
            "text": _("Come along"),
            "address": "https://example.org/",
        }


class SpeechStructValue(blocks.StructValue):
    @property
    def start(self) -> int | None:
        """Where the words begin, in whole seconds, or None when no time was given."""
        return int(seconds(self["time"])) if self.get("time") else None


class SpeechBlock(blocks.StructBlock):
    label = blocks.CharBlock(
        label=_("Speaker"),
        required=False,
        max_length=12,
        help_text=_("The short label of a contributor to this page, such as A.P."),
    )
    time = blocks.CharBlock(
        label=_("Begins at"), required=False, max_length=10, help_text=_("Minutes and seconds, for example 2:05.")
    )
    text = blocks.RichTextBlock(label=_("Words"), features=SHORT_FEATURES)

    def clean(self, value):
        value = super().clean(value)
        if value.get("time"):
            try:
                value["time"] = clock(seconds(value["time"]))
            except ValidationError as error:
                raise blocks.StructBlockValidationError({"time": error}) from error
        return value

    class Meta:
        icon = "comment"
        label = _("Words of a speaker")
        group = GROUP_VOICES
        template = "blocks/speech.html"
        description = _("What was said, by whom and when")
        value_class = SpeechStructValue
        preview_value = {"label": "H.Q.", "time": "0:12", "text": "<p>The second night was worse.</p>"}


class BodyBlock(blocks.StreamBlock):
    """The body of every page."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    callout = CalloutBlock()
    key_points = KeyPointsBlock()
    quote = QuoteBlock()
    exchange = ExchangeBlock()
    figure = FigureBlock()
    table = TableBlock()
    embed = EmbedBlock()
    document = DocumentBlock()
    action = ActionBlock()

    class Meta:
        template = "blocks/body.html"


class TranscriptBlock(blocks.StreamBlock):
    """What is said in a recording, by speaker."""

    speech = SpeechBlock()
    heading = HeadingBlock()

    class Meta:
        template = "blocks/body.html"


def headings(body) -> list[dict]:
    """The contents list of a body: ``[{"id", "text", "level"}]`` in order, ``id`` being the heading's anchor."""
    return [
        {"id": anchor(block.id), "text": block.value["text"], "level": int(block.value["level"] or 2)}
        for block in body
        if block.block_type == "heading"
    ]


def passage(body, heading: str) -> str:
    """The plain words between the heading with the anchor ``heading`` and the next one; nothing for none."""
    words, inside = [], False
    for block in body:
        if block.block_type == "heading":
            inside = anchor(block.id) == heading
        elif inside:
            words += block.block.get_searchable_content(block.value)
    return " ".join(" ".join(words).split())


def anchor(block_id: str) -> str:
    """The element id of a block: letters first, as an id should, and short enough to be read out."""
    return f"s-{str(block_id)[:8]}"


WITHOUT_ADDRESS = {"action"}  # it is not there while its page is hidden


def anchors(body) -> set[str]:
    """The element ids of a body's blocks, to each of which a link may lead."""
    return {anchor(block.id) for block in body if block.block_type not in WITHOUT_ADDRESS}


def speaker_labels(body) -> list[tuple[int, str]]:
    """``(index, label)`` of each block that names its speaker."""
    return [
        (index, label)
        for index, block in enumerate(body)
        if block.block_type in {"exchange", "speech"} and (label := (block.value["label"] or "").strip())
    ]
