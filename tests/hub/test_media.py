"""Uploaded files: whole or in part, never outside their folder, never as a page of this site."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db

TEN = b"0123456789"


@pytest.fixture
def film():
    name = default_storage.save("media/film.webm", ContentFile(TEN))
    yield name
    default_storage.delete(name)


def upload(name, content=TEN):
    return default_storage.save(name, ContentFile(content))


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_file_is_sent_whole_with_its_length(client, film):
    response = client.get(f"/media/{film}")
    assert (response.status_code, body(response)) == (200, TEN)
    headers = ["Content-Type", "Content-Length", "Accept-Ranges", "Content-Disposition", "Cache-Control"]
    assert [response[name] for name in headers] == ["video/webm", "10", "bytes", "inline", "public, max-age=86400"]
    assert response["Last-Modified"].endswith(" GMT")


@pytest.mark.parametrize(
    ("asked", "sent", "span"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=4-6", b"456", "bytes 4-6/10"),
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=9-9", b"9", "bytes 9-9/10"),
        ("bytes=6-", b"6789", "bytes 6-9/10"),
        ("bytes=0-", TEN, "bytes 0-9/10"),
        ("bytes=6-999", b"6789", "bytes 6-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-999", TEN, "bytes 0-9/10"),
        (" bytes=0-3 ", b"0123", "bytes 0-3/10"),
    ],
)
def test_range_is_sent_as_asked(client, film, asked, sent, span):
    response = client.get(f"/media/{film}", headers={"Range": asked})
    assert (response.status_code, body(response)) == (206, sent)
    assert (response["Content-Range"], response["Content-Length"]) == (span, str(len(sent)))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-20", "bytes=999-1000", "bytes=-0", "bytes=6-4"])
def test_range_outside_of_the_file_is_refused_with_its_length(client, film, asked):
    response = client.get(f"/media/{film}", headers={"Range": asked})
    assert (response.status_code, response["Content-Range"], response.content) == (416, "bytes */10", b"")


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,4-5", "lines=0-3", "bytes=0x0-1", "bytes=٠-٣", "bytes=" + "9" * 99 + "-"],
)
def test_range_that_is_not_understood_is_answered_with_the_whole_file(client, film, asked):
    response = client.get(f"/media/{film}", headers={"Range": asked})
    assert (response.status_code, body(response)) == (200, TEN)


def test_long_file_is_sent_in_part_exactly(client):
    content = bytes(range(256)) * 1024
    name = upload("media/long.webm", content)
    response = client.get(f"/media/{name}", headers={"Range": "bytes=1000-200999"})
    assert body(response) == content[1000:201000]


def test_empty_file_has_no_range(client):
    name = upload("media/empty.webm", b"")
    assert body(client.get(f"/media/{name}")) == b""
    assert client.get(f"/media/{name}", headers={"Range": "bytes=0-"}).status_code == 416


def test_head_tells_the_length_and_sends_nothing(client, film):
    response = client.head(f"/media/{film}")
    assert (response.status_code, response["Content-Length"], body(response)) == (200, "10", b"")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_files_can_only_be_read(film, method):
    assert getattr(Client(), method)(f"/media/{film}").status_code == 405
    assert default_storage.exists(film)


@pytest.mark.parametrize(
    "name",
    [
        "nothing.webm",
        ".",
        "./",
        "media",
        "media/",
        "media/../../settings.py",
        "../test.sqlite3",
        "..%2ftest.sqlite3",
        "%2e%2e/test.sqlite3",
        "media/%2e%2e/%2e%2e/test.sqlite3",
        "/etc/passwd",
        "//etc/passwd",
        "%2fetc/passwd",
        "film%00.webm",
        "%00",
        "..",
        "media/film.webm/x",
        "x" * 300,
        "a/" * 2000,
    ],
)
def test_what_is_no_uploaded_file_is_not_found(client, film, name):
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize("path", ["{}", "./{}", "media/../{}", ".//{}", "%2e/{}", "{}/"])
def test_documents_are_not_sent_from_here_where_nobody_asks_for_permission(client, path):
    document = factories.DocumentFactory()
    assert document.file.name.startswith("documents/")
    assert client.get(f"/media/{path.format(document.file.name)}").status_code == 404
    assert body(client.get(document.url)) == b"%PDF-1.4 test"


@pytest.mark.parametrize(
    ("name", "content_type", "disposition"),
    [
        ("a.jpg", "image/jpeg", "inline"),
        ("a.webp", "image/webp", "inline"),
        ("a.mp4", "video/mp4", "inline"),
        ("a.mp3", "audio/mpeg", "inline"),
        ("a.svg", "image/svg+xml", "attachment"),
        ("a.html", "text/html", "attachment"),
        ("a.xhtml", "application/xhtml+xml", "attachment"),
        ("a.js", "text/javascript", "attachment"),
        ("a.xml", "application/xml", "attachment"),
        ("a.pdf", "application/pdf", "attachment"),
        ("a.unheard-of", "application/octet-stream", "attachment"),
        ("a", "application/octet-stream", "attachment"),
    ],
)
def test_only_pictures_and_recordings_are_shown_in_place(client, name, content_type, disposition):
    response = client.get(f"/media/{upload('shown/' + name)}")
    assert (body(response), response["Content-Type"], response["Content-Disposition"]) == (TEN, content_type, disposition)


def test_uploaded_file_can_run_nothing(client, film):
    response = client.get(f"/media/{film}")
    assert body(response) == TEN
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("asked", ["", "bytes=0-3", "bytes=99-"])
def test_file_is_closed_when_it_has_been_sent(client, film, monkeypatch, asked):
    opened, really_open = [], default_storage.open

    def open_and_remember(name):
        opened.append(really_open(name))
        return opened[-1]

    monkeypatch.setattr(default_storage, "open", open_and_remember)
    body(client.get(f"/media/{film}", headers={"Range": asked}))
    assert [file.closed for file in opened] == [True]


def test_film_of_a_page_is_played_from_here(client, section):
    page = factories.VideoPageFactory(parent=section, address="", film=factories.MediaFactory())
    address = page.film.url
    assert address in client.get(page.url).content.decode()
    response = client.get(address)
    assert (response["Content-Type"], body(response)) == ("video/webm", page.film.file.read())
    page.film.file.close()
