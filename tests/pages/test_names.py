"""Names in running text: how people write them, and what is none."""

import pytest

from pages.names import Text


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Ada Person", "We asked Ada Person about it.", "Ada Person"),
        ("Ada Person", "Ada Person’s reply, and Ada Person's too.", "Ada Person"),
        ("Ada Person", "according to Dr A. Person, who was there", "A. Person"),
        ("Dr Ada Person", "Professor Ada Person said", "Ada Person"),
        ("Dr Ada Person, OBE", "Ada Person", "Ada Person"),
        ("Ada Person", "ADA PERSON", "ADA PERSON"),
        ("Ada Person", "Ada B. Person", "Ada B. Person"),
        ("Ada B. Person", "Ada Person", "Ada Person"),
        ("Ada Beth Person", "Ada B. Person and A. B. Person", "Ada B. Person"),
        ("Ada Beth Person", "by A.B. Person", "A. B. Person"),
        ("T. S. Eliot", "the poet T S Eliot", "T S Eliot"),
        ("Zoë Müller", "Zoe Muller", "Zoe Muller"),
        ("Zoe Muller", "Zoë Müller’s", "Zoë Müller"),
        ("Søren Łuk", "Soren Luk", "Soren Luk"),
        ("Mary O’Brien", "Mary O'Brien's house", "Mary O'Brien"),
        ("Jean-Luc Roy", "with Jean-Luc Roy", "Jean-Luc Roy"),
        ("Joost van der Berg", "J. van der Berg", "J. van der Berg"),
        ("王小明 李", "王小明 李", "王小明 李"),
        ("Suhrawardy", "as Suhrawardy put it", "Suhrawardy"),
        ("Ada Person", "Yesterday. A. Person came.", "A. Person"),
    ],
)
def test_name_is_found_as_it_is_written(name, text, found):
    assert Text(text).naming(name) == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ada Person", "Ada Personage and Granada Person"),
        ("Ada Person", "Ada Person-Smith"),
        ("Ada Person", "Anna-Ada Person"),
        ("Ada Person", "We met Ada. Person after person came."),
        ("Ada Person", "Ada, Person and others"),
        ("Ada Person", "in memory of Ada\nPerson"),
        ("Ada Person", "an ada person"),
        ("Ada Person", "A Person of Interest"),
        ("Ada Person", "B. Person"),
        ("Ada Person", "Person"),
        ("Ada Person", "Ada"),
        ("Bob Person", "A. B. Person"),
        ("Bob Person", "with Mary B. Person"),
        ("Grace May", "by the grace May brings"),
        ("Joost van der Berg", "Joost Berg"),
        ("Ann", "Ann said"),
        ("Dr", "Dr Who"),
        ("", "nothing"),
        ("Ada Person", ""),
        ("Ada Person", "Ada 1 Person"),
    ],
)
def test_what_is_no_name_is_not_taken_for_one(name, text):
    assert Text(text).naming(name) == ""
