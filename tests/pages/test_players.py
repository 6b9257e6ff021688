"""Video addresses: recognised offline, rebuilt from their key alone, everything else refused."""

import pytest
from django.core.exceptions import ValidationError

from pages.players import OfflineFinder, Player, recognise, validate_video_address

YOUTUBE = Player(
    "YouTube",
    "https://www.youtube.com/watch?v=a1B2c3D4_-x",
    "https://www.youtube-nocookie.com/embed/a1B2c3D4_-x?autoplay=1",
)
VIMEO = Player("Vimeo", "https://vimeo.com/123456789", "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1")
UNLISTED = Player(
    "Vimeo",
    "https://vimeo.com/123456789/0a1b2c3d4e",
    "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1&h=0a1b2c3d4e",
)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=a1B2c3D4_-x",
        "http://youtube.com/watch?v=a1B2c3D4_-x",
        "https://m.youtube.com/watch?v=a1B2c3D4_-x&t=62s",
        "https://www.youtube.com/watch?list=PL0123&v=a1B2c3D4_-x",
        "https://youtu.be/a1B2c3D4_-x",
        "https://youtu.be/a1B2c3D4_-x?si=tracking",
        "https://www.youtube.com/embed/a1B2c3D4_-x",
        "https://www.youtube-nocookie.com/embed/a1B2c3D4_-x",
        "https://www.youtube.com/shorts/a1B2c3D4_-x",
        "https://www.youtube.com/live/a1B2c3D4_-x?feature=share",
        "  https://WWW.YouTube.com/watch?v=a1B2c3D4_-x  ",
    ],
)
def test_youtube_address_leads_to_the_player_without_cookies(address):
    assert recognise(address) == YOUTUBE


@pytest.mark.parametrize(
    "address",
    [
        "https://vimeo.com/123456789",
        "http://www.vimeo.com/123456789/",
        "https://player.vimeo.com/video/123456789",
        "https://vimeo.com/123456789?share=copy",
    ],
)
def test_vimeo_address_leads_to_the_player_that_does_not_track(address):
    assert recognise(address) == VIMEO


@pytest.mark.parametrize(
    "address",
    ["https://vimeo.com/123456789/0a1b2c3d4e", "https://player.vimeo.com/video/123456789?h=0a1b2c3d4e"],
)
def test_unlisted_vimeo_film_keeps_the_key_without_which_it_does_not_play(address):
    assert recognise(address) == UNLISTED


@pytest.mark.parametrize(
    "address",
    [
        "",
        "film",
        "https://",
        "https://[",
        "ftp://youtu.be/a1B2c3D4_-x",
        "javascript:https://youtu.be/a1B2c3D4_-x",
        "https://youtube.com@films.example/watch?v=a1B2c3D4_-x",
        "https://youtube.com.films.example/watch?v=a1B2c3D4_-x",
        "https://films.example/?u=https://youtu.be/a1B2c3D4_-x",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=a1B2c3D4_-x12",
        "https://www.youtube.com/watch?v=a1B2c3D4%22x",
        "https://www.youtube.com/SomeChannel",
        "https://www.youtube.com/playlist?list=PL0123456789",
        "https://www.youtube.com/@somebody",
        "https://vimeo.com/",
        "https://vimeo.com/somebody",
        "https://vimeo.com/channels/staffpicks",
        "https://vimeo.com/123456789/ZZZ",
        "https://player.vimeo.com/video/123456789/extra/path",
        "https://vimeo.com/١٢٣٤٥٦٧٨٩",
    ],
)
def test_what_is_no_film_of_a_known_host_is_refused(address):
    assert recognise(address) is None
    with pytest.raises(ValidationError, match="Supported are YouTube"):
        validate_video_address(address)


def test_known_film_passes_the_editors_check():
    assert validate_video_address("https://vimeo.com/123456789") is None


def test_wagtails_embeds_are_answered_without_asking_the_host():
    finder = OfflineFinder()
    assert finder.accept("https://youtu.be/a1B2c3D4_-x")
    assert not finder.accept("https://films.example/1")
    assert finder.find_embed("https://youtu.be/a1B2c3D4_-x") == {
        "title": "",
        "author_name": "",
        "provider_name": "YouTube",
        "type": "link",
        "thumbnail_url": "",
        "width": None,
        "height": None,
        "html": "",
    }
