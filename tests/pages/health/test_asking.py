"""Asking addresses elsewhere: how answers are read, what is never asked, and how often, against a server of the test."""

import logging
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from pages.health import asking, checking, guard, robots
from pages.health.asking import Asker, Outcome, until
from pages.models import AddressChange, OutboundAddress, OutboundHost
from tests.pages.health import server

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def elsewhere(settings):
    with server.running() as found:
        settings.HUB_CHECKS_LINKS = True
        settings.HUB_CHECKED_NETWORKS = ["127.0.0.1/32"]
        settings.HUB_CHECKED_PORTS = {found.port}
        yield found


class Pauses(list):
    """What was waited, instead of waiting."""

    def __call__(self, seconds):
        self.append(seconds)


def ask(address) -> Outcome:
    return Asker(robots.may_ask, Pauses()).how_is(address)


def address(elsewhere, path="/a", **values) -> OutboundAddress:
    host, _made = OutboundHost.objects.get_or_create(name="127.0.0.1")
    return OutboundAddress.objects.create(key=path, address=f"{elsewhere.origin}{path}", host=host, **values)


OK, MISSING = (200, {}), (404, {})


def put_off(status, wait) -> Outcome:
    return Outcome("later", status, wait=wait, host="127.0.0.1")


@pytest.mark.parametrize(
    ("answers", "outcome", "asked"),
    [
        ({("HEAD", "/a"): OK}, Outcome("good", "200"), [("HEAD", "/a")]),
        ({("HEAD", "/a"): (204, {})}, Outcome("good", "204"), [("HEAD", "/a")]),
        ({("HEAD", "/a"): (405, {}), ("GET", "/a"): OK}, Outcome("good", "200"), [("HEAD", "/a"), ("GET", "/a")]),
        ({("HEAD", "/a"): MISSING, ("GET", "/a"): OK}, Outcome("good", "200"), [("HEAD", "/a"), ("GET", "/a")]),
        ({("HEAD", "/a"): "close", ("GET", "/a"): OK}, Outcome("good", "200"), [("HEAD", "/a"), ("GET", "/a")]),
        ({}, Outcome("failed", "404"), [("HEAD", "/a"), ("GET", "/a")]),
        ({("*", "/a"): (410, {})}, Outcome("failed", "410"), [("HEAD", "/a"), ("GET", "/a")]),
        ({("*", "/a"): (500, {})}, Outcome("failed", "500"), [("HEAD", "/a"), ("GET", "/a")]),
        ({("*", "/a"): "close"}, Outcome("failed", "closed"), [("HEAD", "/a"), ("GET", "/a")]),
        ({("*", "/a"): (403, {})}, Outcome("unchecked", "403"), [("HEAD", "/a"), ("GET", "/a")]),
        ({("*", "/a"): (429, {"Retry-After": "3600"})}, put_off("429", DAY / 24), [("HEAD", "/a")]),
        ({("*", "/a"): (429, {})}, put_off("429", DAY), [("HEAD", "/a")]),
        ({("*", "/a"): (503, {"Retry-After": "60"})}, put_off("503", DAY / 1440), [("HEAD", "/a")]),
        ({("*", "/a"): (503, {})}, Outcome("failed", "503"), [("HEAD", "/a")]),
    ],
)
def test_each_answer_is_read_for_what_it_says(elsewhere, answers, outcome, asked):
    elsewhere.answers = answers
    assert ask(f"{elsewhere.origin}/a") == outcome
    assert elsewhere.asked == asked


@pytest.mark.parametrize(
    ("first", "second", "kind"), [(301, 308, "moved"), (302, 301, "good"), (301, 302, "good"), (307, 303, "good")]
)
def test_redirects_are_followed_and_only_those_for_good_are_noted(elsewhere, first, second, kind):
    elsewhere.answers = {
        ("*", "/a"): (first, {"Location": "/b"}),
        ("*", "/b"): (second, {"Location": f"{elsewhere.origin}/c?x=1#part"}),
        ("*", "/c?x=1"): OK,
    }
    moved_to = f"{elsewhere.origin}/c?x=1" if kind == "moved" else ""
    assert ask(f"{elsewhere.origin}/a") == Outcome(kind, "200", moved_to)


def test_a_moved_page_that_is_gone_has_failed(elsewhere):
    elsewhere.answers = {("*", "/a"): (301, {"Location": "/b"})}
    assert ask(f"{elsewhere.origin}/a") == Outcome("failed", "404")


def test_redirects_end_after_five(elsewhere):
    elsewhere.answers = {("*", "/a"): (302, {"Location": "/a"})}
    assert ask(f"{elsewhere.origin}/a") == Outcome("failed", "loop")
    assert elsewhere.asked == [("HEAD", "/a")] * 6


def test_a_server_that_takes_no_connection_has_failed(elsewhere, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.HUB_CHECKED_PORTS = {port}
    assert Asker(lambda *_: True).how_is(f"http://127.0.0.1:{port}/") == Outcome("failed", "refused")


def test_a_server_that_is_slow_or_never_ends_its_headers_keeps_nobody_waiting(elsewhere, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.3)
    ended = threading.Event()

    def drip(handler):
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
        while not ended.wait(0.05):
            try:
                handler.wfile.write(b"X: y\r\n")
                handler.wfile.flush()
            except OSError:
                return

    elsewhere.answers = {("*", "/slow"): lambda handler: ended.wait(5), ("*", "/drip"): drip}
    try:
        found = [Asker(lambda *_: True, Pauses()).how_is(f"{elsewhere.origin}/{path}") for path in ("slow", "drip")]
    finally:
        ended.set()
    assert found == [Outcome("failed", "timeout")] * 2


def test_who_asks_says_so_and_where_to_ask_back(elsewhere, settings):
    settings.BASE_URL = "https://hub.example"
    ask(f"{elsewhere.origin}/a")
    assert elsewhere.agents == {"HubLinkCheck/1.0 (+https://hub.example/)"}


def test_the_body_is_not_read(elsewhere):
    sent = threading.Event()

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(20_000):
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            sent.set()

    elsewhere.answers = {("HEAD", "/a"): (405, {}), ("GET", "/a"): endless}
    assert ask(f"{elsewhere.origin}/a") == Outcome("good", "200")
    assert sent.wait(5)


def test_between_two_requests_to_one_server_is_a_pause(elsewhere):
    pauses = Pauses()
    elsewhere.answers = {("*", "/a"): (405, {})}
    Asker(robots.may_ask, pauses).how_is(f"{elsewhere.origin}/a")
    assert len(elsewhere.asked) == 2
    assert [4 < seconds <= asking.PAUSE for seconds in pauses] == [True, True]  # robots.txt, HEAD, GET


@pytest.mark.parametrize("already_known", [False, True])
def test_the_pause_between_two_requests_is_the_one_that_robots_txt_asks_for(elsewhere, already_known):
    elsewhere.robots = (200, {}, b"User-agent: *\nCrawl-delay: 30\n")
    elsewhere.answers = {("*", "/a"): (302, {"Location": "/b"}), ("*", "/b"): (405, {})}
    if already_known:
        ask(f"{elsewhere.origin}/c")
    pauses = Pauses()
    Asker(robots.may_ask, pauses).how_is(f"{elsewhere.origin}/a")
    assert [29 < seconds <= 30 for seconds in pauses] == [True] * (2 if already_known else 3)  # [robots.txt,] HEAD, HEAD, GET


# robots.txt


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((200, {}, b"User-agent: *\nDisallow: /a\n"), Outcome("unchecked", "robots")),
        ((200, {}, b"User-agent: HubLinkCheck\nDisallow: /\n"), Outcome("unchecked", "robots")),
        ((200, {}, b"User-agent: *\nDisallow: /b\n"), Outcome("good", "200")),
        ((200, {}, b"\xff\x00 nonsense"), Outcome("good", "200")),
        ((404, {}, b""), Outcome("good", "200")),
        ((403, {}, b""), Outcome("good", "200")),
        ((500, {}, b""), Outcome("failed", "500")),
    ],
)
def test_what_a_server_wants_left_alone_is_left_alone(elsewhere, answer, outcome):
    elsewhere.robots, elsewhere.answers = answer, {("*", "/a"): OK}
    assert ask(f"{elsewhere.origin}/a") == outcome
    assert elsewhere.asked == ([("HEAD", "/a")] if outcome.kind == "good" else [])


def test_a_redirect_to_where_robots_are_not_wanted_is_not_followed(elsewhere):
    elsewhere.robots = (200, {}, b"User-agent: *\nDisallow: /b\n")
    elsewhere.answers = {("*", "/a"): (301, {"Location": "/b"})}
    assert ask(f"{elsewhere.origin}/a") == Outcome("unchecked", "robots")
    assert elsewhere.asked == [("HEAD", "/a")]


@pytest.mark.parametrize("value", ["²", "-1", "nan", "inf", "1e9", "soon", "", "9" * 400])
def test_no_delay_that_a_server_writes_keeps_other_servers_from_being_asked(elsewhere, monkeypatch, value):
    resolving(monkeypatch, "127.0.0.1")
    elsewhere.robots = (200, {}, f"User-agent: *\nCrawl-delay: {value}\nDisallow: //[\n".encode())
    elsewhere.answers = {("*", "/a"): OK}
    for name in ("first.example", "second.example"):
        host = OutboundHost.objects.create(name=name)
        OutboundAddress.objects.create(key=name, address=f"http://{name}:{elsewhere.port}/a", host=host)
    began = timezone.now()
    assert checking.check_some(Pauses()) == 2
    assert set(OutboundAddress.objects.values_list("state", flat=True)) == {"good"}
    assert all(timedelta(0) < host.next_at - began < timedelta(minutes=2) for host in OutboundHost.objects.all())


def test_robots_txt_is_read_once_a_day(elsewhere):
    elsewhere.robots, elsewhere.answers = (200, {}, b"User-agent: *\nCrawl-delay: 20\n"), {("*", "/a"): OK}
    ask(f"{elsewhere.origin}/a")
    elsewhere.robots = (200, {}, b"User-agent: *\nDisallow: /\n")
    assert ask(f"{elsewhere.origin}/a").kind == "good"
    [known] = OutboundHost.objects.get().robots.values()
    known = known | {"read_at": (timezone.now() - 2 * DAY).isoformat()}
    OutboundHost.objects.update(robots={elsewhere.origin: known})
    assert ask(f"{elsewhere.origin}/a").kind == "unchecked"


# What is never asked


PRIVATE = [
    *["127.0.0.1", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1"],
    *["255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1"],
    *["::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2002:7f00:1::", "2001:db8::1", "192.0.2.1"],
    *["::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1", "64:ff9b:1::808:808", "fec0::1", "5f00::1"],
    *["3fff::1", "100::1", "192.88.99.1", "192.0.0.8"],
]


@pytest.mark.parametrize("number", PRIVATE)
def test_no_machine_of_a_private_network_is_asked(number):
    assert not guard.is_allowed(number)


@pytest.mark.parametrize("number", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_machines_are_asked(number):
    assert guard.is_allowed(number)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("http://127.0.0.1/", "network"),
        ("http://10.1.2.3/", "network"),
        ("http://[::1]/", "network"),
        ("http://169.254.169.254/latest/meta-data/", "network"),
        ("http://2130706433/", "network"),
        ("http://0x7f.1/", "network"),
        ("http://localhost/", "network"),
        ("http://93.184.216.34:22/", "port"),
        ("http://93.184.216.34:70000/", "malformed"),
        ("ftp://93.184.216.34/", "malformed"),
        ("file:///etc/passwd", "malformed"),
        ("http://name:word@93.184.216.34/", "malformed"),
        ("http:///nothing", "malformed"),
        ("http://[::1/", "malformed"),
    ],
)
def test_what_leads_inwards_is_refused_before_anything_is_sent(monkeypatch, asked, why):
    monkeypatch.setattr(socket, "create_connection", lambda *_args, **_more: pytest.fail("something was sent"))
    assert ask(asked) == Outcome("unchecked", why)


def resolving(monkeypatch, *numbers):
    """Every name resolves to ``numbers``; how often one was looked up."""
    looked_up = []

    def answer(host, port, **_kwargs):
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(guard, "getaddrinfo", answer)
    return looked_up


@pytest.mark.parametrize("numbers", [["10.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"]])
def test_a_name_that_leads_inwards_is_refused(monkeypatch, numbers):
    resolving(monkeypatch, *numbers)
    monkeypatch.setattr(socket, "create_connection", lambda *_args, **_more: pytest.fail("something was sent"))
    assert ask("https://innocent.example/") == Outcome("unchecked", "network")


def test_the_connection_goes_to_the_machine_that_was_judged(elsewhere, monkeypatch):
    """Whoever answers otherwise when asked a second time is not asked a second time."""
    looked_up = resolving(monkeypatch, "127.0.0.1")
    real, gone_to = socket.create_connection, []
    monkeypatch.setattr(socket, "create_connection", lambda place, *args: gone_to.append(place) or real(place, *args))
    elsewhere.answers = {("*", "/a"): OK}

    found = Asker(lambda *_: True).how_is(f"http://rebinding.example:{elsewhere.port}/a")

    assert found == Outcome("good", "200")
    assert (looked_up, gone_to) == (["rebinding.example"], [("127.0.0.1", elsewhere.port)])


@pytest.mark.parametrize(
    "to", ["http://10.0.0.1:{port}/", "http://169.254.169.254:{port}/latest", "http://[::1]:{port}/", "file:///etc/passwd"]
)
def test_a_redirect_inwards_is_not_followed(elsewhere, to):
    elsewhere.answers = {("*", "/a"): (301, {"Location": to.format(port=elsewhere.port)})}
    assert ask(f"{elsewhere.origin}/a").kind == "unchecked"
    assert elsewhere.asked == [("HEAD", "/a")]


def test_a_name_that_nobody_knows_has_failed(monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(guard, "getaddrinfo", unknown)
    assert ask("https://nobody.example/") == Outcome("failed", "name")


def test_names_beyond_latin_are_asked_for_as_the_net_writes_them(monkeypatch):
    looked_up = resolving(monkeypatch, "10.0.0.1")
    ask("https://bücher.example/straße?q=ü")
    assert looked_up == ["xn--bcher-kva.example"]
    assert guard.written("https://Bücher.example/straße x?q=ü#part") == "https://xn--bcher-kva.example/stra%C3%9Fe%20x?q=%C3%BC"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("straße.example", "xn--strae-oqa.example"), ("☃.example", "xn--n3h.example"), ("βόλος.example", "xn--nxasmm1c.example")],
)
def test_names_are_asked_for_as_browsers_write_them(name, expected):
    assert guard.written(f"https://{name}/") == f"https://{expected}/"


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("99999999", timedelta(days=7)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", timedelta(0)),
        ("Thu, 01 Jan 1970 00:00:00", timedelta(0)),
        (format_datetime(datetime(2999, 1, 1, tzinfo=UTC)), timedelta(days=7)),
    ],
)
def test_the_time_to_wait_is_read_in_both_ways_of_writing(header, wait):
    assert until(header) == wait


# Over the days


def test_an_address_is_broken_after_three_failures_over_two_days_and_recovers_at_once(elsewhere):
    found = address(elsewhere)
    states = []
    for later, outcome in [
        (0 * DAY, Outcome("failed", "404")),
        (1 * DAY, Outcome("failed", "timeout")),
        (1.5 * DAY, Outcome("failed", "404")),
        (2 * DAY, Outcome("failed", "404")),
        (3 * DAY, Outcome("later", "503", wait=DAY)),
        (4 * DAY, Outcome("good", "200")),
    ]:
        checking.note(found, outcome, now=NOON + later)
        found.refresh_from_db()
        states.append((found.state, found.failing_since, found.next_check_at - NOON - later))

    assert states == [
        ("failing", NOON, DAY),
        ("failing", NOON, DAY),
        ("failing", NOON, DAY),
        ("broken", NOON, DAY),
        ("broken", NOON, DAY),
        ("good", None, 7 * DAY),
    ]
    changes = AddressChange.objects.order_by("at").values_list("state", "why", "at")
    assert list(changes) == [("failing", "404", NOON), ("broken", "404", NOON + 2 * DAY), ("good", "200", NOON + 4 * DAY)]


def test_history_is_kept_for_ninety_days(elsewhere):
    found = address(elsewhere)
    for age in (89, 91):
        AddressChange.objects.create(address=found, state="failing", why="404", at=NOON - age * DAY)
    checking.forget_old(now=NOON)
    assert [change.at for change in AddressChange.objects.all()] == [NOON - 89 * DAY]


def test_one_address_of_a_server_is_asked_at_a_time_and_none_before_its_turn(elsewhere):
    elsewhere.answers = {("*", path): OK for path in ("/a", "/b", "/c")}
    for path in ("/a", "/b"):
        address(elsewhere, path)
    address(elsewhere, "/c", next_check_at=timezone.now() + DAY)

    assert checking.check_some(Pauses()) == 1
    assert checking.check_some(Pauses()) == 0, "the server has a pause"
    OutboundHost.objects.update(next_at=timezone.now())
    assert checking.check_some(Pauses()) == 1
    OutboundHost.objects.update(next_at=timezone.now())
    assert checking.check_some(Pauses()) == 0, "nothing is due"
    assert elsewhere.asked == [("HEAD", "/a"), ("HEAD", "/b")]
    assert sorted(OutboundAddress.objects.values_list("key", "state")) == [("/a", "good"), ("/b", "good"), ("/c", "unchecked")]


def test_a_server_that_wants_to_be_left_alone_is(elsewhere):
    elsewhere.answers = {("*", "/a"): (429, {"Retry-After": "7200"})}
    address(elsewhere, "/a")
    address(elsewhere, "/b")
    began = timezone.now()
    checking.check_some(Pauses())
    host = OutboundHost.objects.get()
    assert timedelta(hours=2) <= host.next_at - began < timedelta(hours=2, minutes=1)
    assert OutboundAddress.objects.get(key="/a").state == "unchecked"


def test_a_wait_is_owed_to_the_server_that_asks_for_it_and_not_to_the_one_that_led_there(elsewhere, monkeypatch):
    resolving(monkeypatch, "127.0.0.1")
    there = f"http://there.example:{elsewhere.port}/b"
    elsewhere.answers = {("*", "/a"): (302, {"Location": there}), ("*", "/b"): (429, {"Retry-After": "86400"})}
    address(elsewhere)
    began = timezone.now()
    checking.check_some(Pauses())
    waits = {host.name: (host.next_at - began) // timedelta(minutes=1) for host in OutboundHost.objects.all()}
    assert waits == {"127.0.0.1": 0, "there.example": 24 * 60}


def test_a_server_is_given_the_pause_that_its_robots_txt_asks_for(elsewhere):
    elsewhere.robots, elsewhere.answers = (200, {}, b"User-agent: *\nCrawl-delay: 30\n"), {("*", "/a"): OK}
    address(elsewhere)
    began = timezone.now()
    checking.check_some(Pauses())
    assert timedelta(seconds=30) <= OutboundHost.objects.get().next_at - began < timedelta(seconds=40)


def test_a_server_taken_by_one_worker_is_left_by_the_other_until_the_first_has_died(elsewhere):
    address(elsewhere)
    OutboundHost.objects.update(next_at=timezone.now() + checking.TAKEN)
    assert checking.check_some(Pauses()) == 0
    OutboundHost.objects.update(next_at=timezone.now())
    assert checking.check_some(Pauses()) == 1


def test_a_redirect_to_a_machine_that_somebody_else_asks_waits(elsewhere, monkeypatch):
    """It is taken for as long as it is asked, and has its pause afterwards like the first."""
    resolving(monkeypatch, "127.0.0.1")
    there = f"http://there.example:{elsewhere.port}/b"
    elsewhere.answers = {("*", "/a"): (302, {"Location": there}), ("*", "/b"): OK}
    found = address(elsewhere)
    OutboundHost.objects.create(name="there.example", next_at=timezone.now() + DAY)
    checking.check_some(Pauses())
    found.refresh_from_db()
    assert (found.state, found.why, elsewhere.asked) == ("unchecked", "new", [("HEAD", "/a")])
    wait = found.next_check_at - timezone.now()
    assert DAY - timedelta(minutes=1) < wait <= DAY, "or the first would be asked again and again in vain"

    OutboundHost.objects.update(next_at=timezone.now())
    OutboundAddress.objects.update(next_check_at=timezone.now())
    began = timezone.now()
    checking.check_some(Pauses())
    found.refresh_from_db()
    assert found.state == "good"
    assert all(timedelta(0) < host.next_at - began < timedelta(minutes=1) for host in OutboundHost.objects.all())


def test_a_machine_first_met_in_a_redirect_is_asked_at_once(elsewhere, monkeypatch):
    resolving(monkeypatch, "127.0.0.1")
    there = f"http://there.example:{elsewhere.port}/b"
    elsewhere.answers = {("*", "/a"): (302, {"Location": there}), ("*", "/b"): OK}
    address(elsewhere)
    checking.check_some(Pauses())
    assert OutboundAddress.objects.get().state == "good"
    assert elsewhere.asked == [("HEAD", "/a"), ("HEAD", "/b")]


def test_nothing_is_asked_where_it_is_switched_off(elsewhere, settings):
    settings.HUB_CHECKS_LINKS = False
    address(elsewhere)
    assert checking.check_some(Pauses()) == 0
    assert elsewhere.asked == []


def test_a_fault_of_ours_over_one_address_keeps_no_other_from_being_asked(elsewhere, monkeypatch, caplog):
    def fail(*_args):
        raise RuntimeError("ours")

    address(elsewhere)
    monkeypatch.setattr(Asker, "how_is", fail)
    with caplog.at_level(logging.ERROR):
        assert checking.check_some(Pauses()) == 1
    assert "could not be checked" in caplog.text
    assert OutboundAddress.objects.get().why == "fault"
