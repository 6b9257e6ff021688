"""Caption files and times: the line that is wrong is named as an editor counts lines."""

import pytest
from django.core.exceptions import ValidationError

from pages.captions import check_webvtt, clock, seconds

GOOD = b"WEBVTT\n\n00:00.000 --> 00:04.000\nThe second night was worse.\n"


def complaint(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        check_webvtt(content)
    (message,) = caught.value.messages
    return message


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r"),
        GOOD.replace(b"WEBVTT", b"WEBVTT - Captions of the film"),
        GOOD.replace(b"00:00.000", b"00:00:00.000"),
        GOOD.replace(b"00:04.000", b"00:04.000 align:start line:0"),
        GOOD.replace(b"00:00.000", b"first\n00:00.000", 1),
        GOOD + b"\nNOTE a remark\n\n00:04.000 --> 00:06.000\nMore.\n",
        GOOD + b"\n00:01.000 --> 00:03.000\nTwo speak at once.\n",
        GOOD + b"\n100:00:00.000 --> 100:00:01.000\nMuch later.\n",
        "WEBVTT\n\n00:00.000 --> 00:04.000\nŁódź, żółć.\n".encode(),
    ],
)
def test_good_caption_file_passes(content):
    assert check_webvtt(content) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Line 1: a caption file begins with the word WEBVTT. Subtitles in SRT have to be converted."),
        (
            b"1\n00:00:01,000 --> 00:00:04,000\nWords\n",
            "Line 1: a caption file begins with the word WEBVTT. Subtitles in SRT have to be converted.",
        ),
        (b"WEBVTTX\n", "Line 1: a caption file begins with the word WEBVTT. Subtitles in SRT have to be converted."),
        (b"WEBVTT\n\nNOTE nothing else\n", "The file holds no captions."),
        (
            GOOD + b"\n00:05,000 --> 00:06,000\nComma.\n",
            "Line 6: “00:05,000 --> 00:06,000” is no timing like 00:01.000 --> 00:04.000.",
        ),
        (GOOD + b"\n0:05.000 --> 00:06.000\n", "Line 6: “0:05.000 --> 00:06.000” is no timing like 00:01.000 --> 00:04.000."),
        (GOOD + b"\n00:65.000 --> 00:66.000\n", "Line 6: “00:65.000 --> 00:66.000” is no timing like 00:01.000 --> 00:04.000."),
        (GOOD + b"\n00:05.000-->00:06.000\n", "Line 6: “00:05.000-->00:06.000” is no timing like 00:01.000 --> 00:04.000."),
        (GOOD + b"\n00:05.000 --> 00:05.000\n", "Line 6: the caption ends before it begins."),
        (GOOD + b"\n00:09.000 --> 00:05.000\n", "Line 6: the caption ends before it begins."),
        (
            b"WEBVTT\n\n00:10.000 --> 00:12.000\nLate.\n\n00:05.000 --> 00:11.000\nEarly.\n",
            "Line 6: the caption begins before the one above it.",
        ),
        (GOOD + b"\nNOTE caf\xe9\n", "Line 6: the file is not in UTF-8."),
        (b"\xef\xbb\xbf" + GOOD + b"\n\n\n\xff", "Line 8: the file is not in UTF-8."),
        (GOOD + b"A\xe2\x80\xa8B\x0bC\xc2\x85D\n\n00:09.000 --> 00:05.000\n", "Line 7: the caption ends before it begins."),
    ],
)
def test_bad_caption_file_is_refused_and_its_first_wrong_line_named(content, message):
    assert complaint(content) == message


def test_a_long_wrong_line_is_quoted_in_part():
    assert (
        complaint(GOOD + b"\n" + b"x" * 500 + b" --> y\n") == f"Line 6: “{'x' * 60}” is no timing like 00:01.000 --> 00:04.000."
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [("123", 123), ("2:05", 125), ("02:05", 125), ("1:02:03", 3723), ("1:02:03.5", 3723.5), ("0", 0), (" 2:05 ", 125)],
)
def test_times_are_read_as_people_write_them(written, meant):
    assert seconds(written) == meant


@pytest.mark.parametrize(
    "written", ["", "two", "2.05", "2.05.10", "2:", ":05", "-1", "1:2:3:4", "1:99:00", "2:05 min", "٢:٠٥", "1e3"]
)
def test_what_is_no_time_is_refused(written):
    with pytest.raises(ValidationError, match="Write the time as minutes and seconds, for example 2:05, or 1:02:05."):
        seconds(written)


@pytest.mark.parametrize(
    ("total", "shown"), [(0, "0:00"), (5.9, "0:05"), (125, "2:05"), (3599, "59:59"), (3600, "1:00:00"), (36_125, "10:02:05")]
)
def test_seconds_are_shown_as_a_clock(total, shown):
    assert clock(total) == shown


@pytest.mark.parametrize("shown", ["0:00", "2:05", "59:59", "1:00:00", "10:02:05"])
def test_a_clock_is_read_back_as_it_was_shown(shown):
    assert clock(seconds(shown)) == shown
