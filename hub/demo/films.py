"""The demo's films: drawn frames, packed as WebM without a video encoder.

A lossy WebP picture is one key frame of VP8 in a RIFF file. Taken out of it and put into
Matroska's boxes (EBML), such frames are a film: large for its length, but any browser plays it
and can seek to every frame.
"""

import struct
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from hub.demo.charts import printable

PAPER = (246, 240, 228)
INK = (26, 38, 56)
CAPTION = 19  # size of type, on a film 640 wide
FOOT = 56  # height of the caption's strip, likewise
FADE = 1.5  # seconds
BUDGET = 34_000  # bytes a second
FRAMES_IN_CLUSTER = 4

Scene = tuple[Image.Image, list[str]]


def film(path: Path | str, scenes: list[Scene], seconds: float, size: tuple[int, int] = (640, 360), fps: int = 2) -> None:
    """Write a WebM in which each picture in turn is slowly panned and faded into the next.

    The scenes share the time equally, and so do the caption lines of a scene.
    """
    if not scenes:
        raise ValueError("A film needs a scene.")
    count = round(seconds * fps)
    quality = _quality(scenes, count, size, fps)
    frames = [key_frame(frame, quality) for frame in _frames(scenes, range(count), count, size, fps)]
    Path(path).write_bytes(webm(frames, size, fps))


# Drawing


def _quality(scenes: list[Scene], count: int, size: tuple[int, int], fps: int) -> int:
    """The best quality that keeps the film within its budget, judged by a few of its frames."""
    sample = list(_frames(scenes, range(0, count, max(1, count // 10)), count, size, fps))
    for quality in (74, 66, 58, 50, 42, 34):
        if sum(len(key_frame(frame, quality)) for frame in sample) / len(sample) * fps <= BUDGET:
            return quality
    return 26


def _frames(scenes: list[Scene], indices: Iterable[int], count: int, size: tuple[int, int], fps: int) -> Iterator[Image.Image]:
    """Draw the frames of these indices, of `count` in all."""
    share = count / len(scenes)
    fading = min(FADE * fps, share / 2)
    for index in indices:
        place = min(int(index / share), len(scenes) - 1)
        shown = (index - place * share) / share
        picture = _view(scenes[place][0], place, shown, size)
        left = share * (1 - shown)
        if place + 1 < len(scenes) and left < fading:
            coming = _view(scenes[place + 1][0], place + 1, 0, size)
            picture = Image.blend(coming, picture, left / fading)
        lines = scenes[place][1]
        yield _page(picture, lines[min(int(shown * len(lines)), len(lines) - 1)] if lines else "", size)


def _view(picture: Image.Image, place: int, shown: float, size: tuple[int, int]) -> Image.Image:
    """The part of a picture in view when this much of its scene has been shown."""
    width, height = size[0], size[1] - _foot(size)
    zoom = 0.9 - 0.06 * (shown if place % 2 else 1 - shown)
    across = min(picture.width, picture.height * width / height) * zoom
    down = across * height / width
    slide = 0.25 + 0.5 * (shown if place % 4 < 2 else 1 - shown)
    left, top = (picture.width - across) * slide, (picture.height - down) * 0.5
    box = (left, top, left + across, top + down)
    seen = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS, box)
    return seen.filter(ImageFilter.GaussianBlur(0.5))  # grain costs more bytes than it is worth here


def _foot(size: tuple[int, int]) -> int:
    return round(FOOT * size[0] / 640)


def _page(picture: Image.Image, caption: str, size: tuple[int, int]) -> Image.Image:
    """The picture with its caption below, in two lines if it must."""
    page = Image.new("RGB", size, PAPER)
    page.paste(picture, (0, 0))
    caption, scale, pen = printable(caption), size[0] / 640, ImageDraw.Draw(page)
    font = ImageFont.load_default(CAPTION * scale)
    words, lines = caption.split(), [caption]
    if font.getlength(caption) > size[0] - 48 * scale:
        font = ImageFont.load_default(CAPTION * 0.84 * scale)
        half = min(range(1, len(words) + 1), key=lambda n: abs(len(" ".join(words[:n])) - len(caption) / 2))
        lines = [" ".join(words[:half]), " ".join(words[half:])]
    middle = size[1] - _foot(size) / 2
    for row, line in enumerate(lines):
        y = middle + (row - (len(lines) - 1) / 2) * CAPTION * 1.1 * scale
        pen.text((24 * scale, y), line, INK, font, "lm")
    return page


# Packing


def key_frame(picture: Image.Image, quality: int) -> bytes:
    """Return a picture as a key frame of VP8."""
    stream = BytesIO()
    picture.save(stream, "WEBP", quality=quality, method=4)
    riff, place = stream.getvalue(), 12
    while place < len(riff):
        name, length = struct.unpack_from("<4sI", riff, place)
        if name == b"VP8 ":
            return riff[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
    raise ValueError("The picture was not compressed as VP8.")


def webm(frames: list[bytes], size: tuple[int, int], fps: int) -> bytes:
    """Return key frames of VP8 as a WebM file."""
    times = [round(1000 * index / fps) for index in range(len(frames))]
    clusters, starts = [], []
    for first in range(0, len(frames), FRAMES_IN_CLUSTER):
        span = slice(first, first + FRAMES_IN_CLUSTER)
        starts.append(times[first])
        clusters.append(_cluster(times[span], frames[span]))
    info = _element("1549A966", _number("2AD7B1", 1_000_000) + _real("4489", 1000 * len(frames) / fps) + _names())
    tracks = _element("1654AE6B", _track(size, fps))
    offsets = [0] * len(clusters)
    head_size = len(_seek_head([0, 0, 0])) + len(info) + len(tracks)
    place = head_size + len(_cues(starts, offsets))
    for index, cluster in enumerate(clusters):
        offsets[index] = place
        place += len(cluster)
    head = _seek_head([head_size - len(info) - len(tracks), head_size - len(tracks), head_size])
    segment = _element("18538067", head + info + tracks + _cues(starts, offsets) + b"".join(clusters))
    return _element("1A45DFA3", _header()) + segment


def _element(name: str, content: bytes) -> bytes:
    """An EBML element: its name in hexadecimal, its length in eight bytes, what it holds."""
    return bytes.fromhex(name) + (len(content) | 1 << 56).to_bytes(8) + content


def _number(name: str, value: int, width: int = 0) -> bytes:
    return _element(name, value.to_bytes(width or max(1, (value.bit_length() + 7) // 8)))


def _real(name: str, value: float) -> bytes:
    return _element(name, struct.pack(">d", value))


def _header() -> bytes:
    version, limits = _number("4286", 1) + _number("42F7", 1), _number("42F2", 4) + _number("42F3", 8)
    return version + limits + _element("4282", b"webm") + _number("4287", 4) + _number("4285", 2)


def _names() -> bytes:
    return _element("4D80", b"Hub") + _element("5741", b"Hub")


def _track(size: tuple[int, int], fps: int) -> bytes:
    picture = _element("E0", _number("B0", size[0]) + _number("BA", size[1]))
    ids = _number("D7", 1) + _number("73C5", 1) + _number("83", 1) + _number("9C", 0)
    codec = _element("22B59C", b"und") + _element("86", b"V_VP8") + _number("23E383", 1_000_000_000 // fps)
    return _element("AE", ids + codec + picture)


def _cluster(times: list[int], frames: list[bytes]) -> bytes:
    """A cluster of simple blocks: track 1, the time since the cluster's, the mark of a key frame."""
    content = _number("E7", times[0])
    for time, frame in zip(times, frames, strict=True):
        content += _element("A3", b"\x81" + struct.pack(">hB", time - times[0], 0x80) + frame)
    return _element("1F43B675", content)


def _cues(starts: list[int], offsets: list[int]) -> bytes:
    """Where in the segment the cluster of each time begins, so that a player can seek."""
    content = b""
    for start, offset in zip(starts, offsets, strict=True):
        place = _element("B7", _number("F7", 1) + _number("F1", offset, 8))
        content += _element("BB", _number("B3", start, 4) + place)
    return _element("1C53BB6B", content)


def _seek_head(places: list[int]) -> bytes:
    """Where the information, the tracks and the cues are."""
    content = b""
    for name, place in zip(("1549A966", "1654AE6B", "1C53BB6B"), places, strict=True):
        content += _element("4DBB", _element("53AB", bytes.fromhex(name)) + _number("53AC", place, 8))
    return _element("114D9B74", content)
