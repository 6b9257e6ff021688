"""Invented people and prose for content by the ten thousand: the same seed gives the same words."""

import random
from itertools import product

_SUBJECTS = (
    "the harbour office", "a volunteer from the east bank", "the night shift", "our neighbour", "the second survey",
    "the pump behind the school", "every household", "the ferry crew", "the ward's nurse", "nobody on the council",
    "the old sea wall", "a boy with a bicycle", "the committee", "the rescue boat", "the library",
)  # fmt: skip
_VERBS = (
    "kept", "measured", "forgot", "repaired", "questioned", "counted", "carried", "drew", "paid for", "warned of",
    "listened to", "rebuilt", "left behind", "asked for", "wrote down",
)  # fmt: skip
_OBJECTS = (
    "the water levels", "a list of names", "two hundred sandbags", "the first warning", "what the map did not show",
    "the keys to the hall", "their own figures", "the cost of waiting", "a promise from last year", "the dry rooms",
    "the road to the hospital", "the telephone tree", "three answers", "the spring tide", "a better plan",
)  # fmt: skip
_CIRCUMSTANCES = (
    "before anybody had asked", "in the week after the flood", "without a word about money", "long past midnight",
    "as far as we could see", "on the advice of the engineers", "while the rain went on", "for the third winter running",
    "in plain sight of everybody", "which surprised the auditors", "and said so in public", "with what there was at hand",
)  # fmt: skip
_GIVEN = (
    "Ada", "Bram", "Chidi", "Dora", "Elif", "Farid", "Greta", "Hana", "Ivo", "Jun", "Kemal", "Lena", "Mira", "Noor", "Otto",
    "Pia", "Quinn", "Rosa", "Sami", "Tove", "Uma", "Vito", "Wanda", "Xenia", "Yusuf", "Zora", "Amos", "Berit", "Cato", "Dilys",
)  # fmt: skip
_FAMILY = (
    "Abara", "Brook", "Castel", "Dunmore", "Eskola", "Farrow", "Gansey", "Holm", "Ives", "Jansen", "Kerr", "Lindqvist",
    "Marsh", "Novak", "Okafor", "Pike", "Quist", "Rowan", "Sand", "Tamm", "Ulver", "Vane", "Weir", "Yates", "Zander",
    "Ashby", "Birch", "Clough", "Dale", "Eames",
)  # fmt: skip


def dice(seed: int) -> random.Random:
    """Chance that falls alike on every machine and in every run."""
    return random.Random(seed)  # noqa: S311  (it picks words and parents, and keeps no secrets)


def people() -> list[tuple[str, str]]:
    """Nine hundred ``(name, e-mail address)``."""
    return [(f"{given} {family}", f"{given}.{family}@readers.example".lower()) for given, family in product(_GIVEN, _FAMILY)]


def sentence(chance: random.Random) -> str:
    parts = [chance.choice(words) for words in (_SUBJECTS, _VERBS, _OBJECTS, _CIRCUMSTANCES)]
    return " ".join(parts).capitalize() + "."


def prose(chance: random.Random, characters: int) -> str:
    """Whole sentences, together at least ``characters`` long."""
    text = sentence(chance)
    while len(text) < characters:
        text += " " + sentence(chance)
    return text


def comment(chance: random.Random) -> str:
    """What a reader writes: a line or a few paragraphs, now and then with a list, a link or emphasis."""
    text = prose(chance, int(chance.paretovariate(1.6) * 60) % 900)
    if chance.random() < 0.1:
        text += "\n\n" + "\n".join(f"- {sentence(chance)}" for _ in range(3))
    if chance.random() < 0.1:
        text += "\n\nSee https://example.org/minutes and *read it twice*."
    return text
