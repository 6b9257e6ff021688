"""How a robots.txt is read: as RFC 9309 says, whoever wrote it."""

import itertools
import tracemalloc

import pytest

from pages.health.asking import PRODUCT
from pages.health.exclusion import rules_for

ALL = "User-agent: *\n"


@pytest.mark.parametrize(
    ("text", "target", "is_allowed"),
    [
        (f"{ALL}Allow: /\nDisallow: /a\n", "/a", False),  # the longest
        (f"{ALL}Disallow: /a\nAllow: /a/b\n", "/a/b?c", True),
        (f"{ALL}Disallow: /a\nAllow: /a\n", "/a", True),
        (f"{ALL}Disallow: /*.pdf$\n", "/a/b.pdf", False),
        (f"{ALL}Disallow: /*.pdf$\n", "/a.pdf/b.pdf", False),
        (f"{ALL}Disallow: /*.pdf$\n", "/a.pdf?page=2", True),
        (f"{ALL}Disallow: /a$\n", "/ab", True),
        (f"{ALL}Disallow: /a*c*c\n", "/abc", True),
        (f"{ALL}Disallow: *a*\n", "/ba", False),
        (f"{ALL}Disallow: /a$b\n", "/a$b", False),
        (f"{ALL}Disallow: /%7ea%2fb\n", "/~a%2Fb", False),
        (f"{ALL}Disallow: /a%2fb\n", "/a/b", True),
        (f"{ALL}Disallow: /ü\n", "/%C3%BC", False),
        (f"{ALL}Disallow: /a%2A\n", "/a*", False),
        (f"{ALL}Disallow: /a%2A\n", "/ab", True),
        (f"\ufeff{ALL}Disallow: /\n", "/a", False),
        (f"{ALL}\nDisallow: /\n", "/a", False),
        (f"{ALL} disallow : /a # not for programs\r\n", "/a", False),
        (f"{ALL}Sitemap: /s\nUser-agent: other\nDisallow: /\n", "/a", False),
        (f"{ALL}Disallow:\n", "/a", True),
        (f"{ALL}Disallow: /b\n\n{ALL}Disallow: /a\n", "/a", False),
        (f"{ALL}Disallow: /\n\nUser-agent: HUBLINKCHECK/2\nDisallow: /b\n", "/a", True),
        (f"{ALL}Disallow: /\n\nUser-agent: HubLinkCheck\n", "/a", True),
        (f"User-agent: other\nUser-agent: hublinkcheck\nDisallow: /a\n{ALL}", "/a", False),
        ("User-agent: Hub\nDisallow: /\n", "/a", True),
        ("Disallow: /\n", "/a", True),
    ],
)
def test_robots_txt_is_read_as_rfc_9309_says(text, target, is_allowed):
    assert rules_for(PRODUCT, text).allow(target) is is_allowed


def test_reading_a_robots_txt_takes_no_more_than_its_length():
    """For each of many programs a copy of each of many rules would fill the machine."""
    programs = "".join(f"user-agent: {''.join(name)}\n" for name in itertools.product("abcdefghij", repeat=4))
    text = programs + ALL * 9000 + "allow:/\n" * 20_000 + "disallow:/a\n"
    tracemalloc.start()
    try:
        assert not rules_for(PRODUCT, text).allow("/a")
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
