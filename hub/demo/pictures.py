"""The demo's pictures: prints of places and portraits of people, drawn and not photographed."""

from io import BytesIO

from PIL import Image

from hub.demo.built import Built
from hub.demo.portraits import FEATURES, GROUNDS, PEOPLE, Easel
from hub.demo.scenes import PALETTES, SCENES, STAMPS

DAY, DUSK, NIGHT = range(3)


def illustration(kind: str, variant: int, size: tuple[int, int] = (1600, 1000)) -> Image.Image:
    """Return a print of a kind of place.

    Variants 1 to 3 are three compositions by day; 4 to 6 are their fellows seen at dusk, from
    the other side; 7 to 9 are closer, by night. No two of a kind are in the same inks.
    """
    if kind not in SCENES or variant not in range(1, 10):
        raise ValueError(f"There is no picture {kind}:{variant}.")
    recipes, turn = SCENES[kind], list(SCENES).index(kind)
    mood, which = divmod(variant - 1, 3)
    press = Built(size, f"{kind}:{variant}", (1600, 1000), mood, STAMPS)
    press.mirrored = mood == DUSK
    press.zoom = 0.8 if mood == NIGHT else 1
    press.draw(recipes[which])
    inks = 6 + (variant + turn) % 3 if mood == NIGHT else (variant - 1 + turn) % 6
    return press.pull(PALETTES[inks])


def portrait(slug: str, size: tuple[int, int] = (900, 900)) -> Image.Image:
    """Return a printed head and shoulders; a stranger to the cast is given one of its heads."""
    cast = list(PEOPLE)
    sitter = slug if slug in PEOPLE else cast[sum(slug.encode()) % len(cast)]
    ground, inks, recipe = PEOPLE[sitter]
    easel = Easel(size, f"portrait:{slug}", (1000, 1000), stamps=FEATURES)
    easel.draw(GROUNDS[ground])
    easel.draw(recipe)
    return easel.pull(inks)


def jpeg(picture: Image.Image) -> bytes:
    """Return a picture as a file for the web."""
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=82, optimize=True, progressive=True)
    return stream.getvalue()
