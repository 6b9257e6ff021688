"""The picture that other sites show beside a link: the page's title on its drawn cover, for pages without a picture.

Drawn once for each title and kept in the storage; a new title is a new file. The address changes with the page, so that
nobody shows an old one.
"""

import hashlib
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont
from wagtail.models import Site

from pages.choices import is_key
from pages.covers import HEIGHT, WIDTH, cover
from pages.models import ContentPage
from pages.navigation import any_pages
from pages.shapes import outline
from people.visibility import is_visible

SIZE = (1200, 630)
ART = 420  # the width of the drawing, at the right
MARGIN = 64
PAPER, INK, QUIET, GROUND = "#faf7f1", "#1c1a17", "#5a544a", "#f6f0e4"
# The colours of the drawn covers, as in the style sheet.
PALETTES = {
    "teal": ("#12454a", "#4f8d8c", "#b9d3cc"),
    "rust": ("#6b2a1a", "#c1683f", "#ecc6a8"),
    "indigo": ("#262a5e", "#6a72b0", "#c5c8e4"),
    "moss": ("#2f4020", "#7a8f4e", "#cfd7ac"),
    "plum": ("#4d1f43", "#9c608d", "#e0c2d4"),
    "ochre": ("#5a3d09", "#bd8a2c", "#ecd59c"),
}
KEPT = "public, max-age=604800"
END = b"IEND\xaeB`\x82"  # of every PNG


def version(page) -> str:
    """Changes with what the picture shows."""
    kind = page.kind if isinstance(page, ContentPage) else ""
    return hashlib.blake2b(f"{page.title}\0{kind}".encode(), digest_size=6).hexdigest()


def address(page) -> str:
    """The path and query under which the picture of ``page`` is asked for."""
    return f"/share/{page.pk}.png?{urlencode({'v': version(page)})}"


@require_safe
def picture(request, page_id):
    """The picture of a page that readers may see; 404 for all others."""
    page, site = _page(page_id) if is_key(page_id) else None, Site.find_for_request(request)
    if page is None or site is None or not is_visible(page):
        raise Http404
    drawn, kind = cover(page), page.get_kind_display() if isinstance(page, ContentPage) else ""
    told = "\0".join([page.title, kind, site.site_name, drawn.colour])
    name = f"share/{hashlib.blake2b(told.encode(), digest_size=16).hexdigest()}.png"
    kept, is_new = b"", not default_storage.exists(name)
    if not is_new:
        with default_storage.open(name) as file:
            kept = file.read()
    if not kept.endswith(END):  # not there, or not written to the end: by another request at this moment, or to a full disk
        whole = _png(draw(drawn, page.title, kind, site.site_name))
        if is_new:  # what is there already would be kept beside it under another name
            default_storage.save(name, ContentFile(whole))
        kept = whole
    return HttpResponse(kept, content_type="image/png", headers={"Cache-Control": KEPT})


def _page(key):
    """The page with this key, of whatever type but the root of all sites."""
    return ContentPage.objects.filter(pk=key).defer("body").first() or any_pages().filter(pk=key, depth__gt=1).first()


def draw(drawn, title: str, kind: str, site_name: str) -> Image.Image:
    """The picture itself: words on paper at the left, the cover's shapes at the right. Pages around the content have no kind."""
    image = Image.new("RGB", SIZE, PAPER)
    image.paste(_art(drawn), (SIZE[0] - ART, 0))
    pen = ImageDraw.Draw(image)
    room = SIZE[0] - ART - 2 * MARGIN
    pen.text((MARGIN, MARGIN), kind.upper(), fill=QUIET, font=ImageFont.load_default(26))
    lines, font = _set(pen, title, room, SIZE[1] - 2 * MARGIN - 110)
    pen.multiline_text((MARGIN, MARGIN + 56), "\n".join(lines), fill=INK, font=font, spacing=12)
    pen.text((MARGIN, SIZE[1] - MARGIN - 30), site_name, fill=PALETTES[drawn.colour][0], font=ImageFont.load_default(28))
    return image


def _art(drawn) -> Image.Image:
    deep, mid, light = PALETTES[drawn.colour]
    tones = {"a": deep, "b": mid, "c": light}
    scale = max(ART / WIDTH, SIZE[1] / (HEIGHT - 190))
    image = Image.new("RGB", (ART, SIZE[1]), GROUND)
    pen = ImageDraw.Draw(image)
    for element, numbers, tone in drawn.shapes:
        points = [(x * scale, (y - 190) * scale) for x, y in outline(element, numbers)]
        pen.polygon(points, fill=tones[tone])
    return image


def _set(pen, title: str, width: int, height: int):
    """The title in lines, in the largest size in which it fits: ``(lines, font)``."""
    for size in (72, 62, 54, 46, 40, 34):
        font = ImageFont.load_default(size)
        lines = _lines(pen, title, width, font)
        if len(lines) * (size + 20) <= height:
            break
    fitting = max(1, int(height / (size + 20)))
    return (lines if len(lines) <= fitting else [*lines[: fitting - 1], lines[fitting - 1] + " …"]), font


def _lines(pen, title: str, width: int, font) -> list[str]:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and pen.textlength(longer, font=font) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
