"""A comment's path: its place in its discussion, as one string that sorts."""

import random

import pytest
from django.db import connection

from discussion.models import PageComment
from discussion.paths import LEVELS, PATH_LENGTH, WIDTH, ancestors, branch_bounds, depth, encode
from tests import factories

LARGEST_KEY = 2**31 - 1


@pytest.mark.parametrize(
    ("pk", "digits"),
    [
        (1, "000001"),
        (9, "000009"),
        (10, "00000A"),
        (35, "00000Z"),
        (36, "000010"),
        (36**6 - 1, "ZZZZZZ"),
        (LARGEST_KEY, "ZIK0ZJ"),
    ],
)
def test_key_is_six_base_36_digits(pk, digits):
    assert encode(pk) == digits
    assert int(digits, 36) == pk


@pytest.mark.parametrize("pk", [0, -1, 36**6])
def test_key_that_does_not_fit_is_refused(pk):
    with pytest.raises(ValueError, match="does not fit"):
        encode(pk)


def test_digits_sort_as_the_keys_do():
    keys = sorted({1, 35, 36, 37, 1295, 1296, 46655, 46656, 60466175, 60466176, LARGEST_KEY})
    assert sorted(encode(key) for key in keys) == [encode(key) for key in keys]


def test_depth_and_ancestors_are_read_from_the_path():
    path = encode(5) + encode(77) + encode(1300)
    assert depth(encode(5)) == 0
    assert depth(path) == 2
    assert ancestors(encode(5)) == []
    assert ancestors(path) == [encode(5), encode(5) + encode(77)]


def test_deepest_path_fits_the_column():
    assert PATH_LENGTH == LEVELS * WIDTH == PageComment._meta.get_field("path").max_length


def random_paths(dice, count):
    """Paths as posting makes them, beneath random earlier ones; keys in all widths of digits."""
    paths, keys = [], sorted(dice.sample(range(1, LARGEST_KEY), count - 40) + list(range(1, 41)))
    for key in keys:
        above = dice.choice(["", *paths])
        paths.append(above[: PATH_LENGTH - WIDTH] + encode(key))
    return paths


@pytest.mark.parametrize("seed", range(5))
def test_bounds_of_a_branch_hold_the_branch_and_nothing_else(seed):
    paths = random_paths(random.Random(seed), 300)
    for path in paths:
        first, last = branch_bounds(path)
        assert [other for other in paths if first <= other <= last] == [other for other in paths if other.startswith(path)]


def test_database_sorts_paths_byte_by_byte(article):
    """The same on both databases: PostgreSQL's own collations would take another order."""
    comment = factories.comment(article)
    paths = ["000009", "00000A", "00000Z", "00000Z000001", "000010", "00A000", "A00000", "Z00000"]
    made = []
    for path in reversed(paths):
        made.append(factories.comment(article))
        PageComment.objects.filter(pk=made[-1].pk).update(path=path)
    PageComment.objects.filter(pk=comment.pk).delete()
    assert list(PageComment.objects.on_page(article.pk).in_thread_order().values_list("path", flat=True)) == paths


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite compares bytes by nature")
def test_column_has_the_c_collation_on_postgresql(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns"
            " WHERE table_name = 'discussion_pagecomment' AND column_name = 'path'"
        )
        assert cursor.fetchone() == ("C",)
