"""How a text is written: praise without content, shouting."""

from discussion.rules.texts import Word, word_set

# Words of comments that praise and say nothing; English only, moderators add their own.
_VALUE = word_set(
    """
    amazing appreciate appreciated awesome beautiful best brilliant cool excellent fabulous fantastic fine good great
    helpful impressive incredible informative insightful interesting keep like liked lovely love loved marvellous nice
    outstanding perfect super superb thank thanks thx ty terrific useful valuable well wonderful wow
    """
)
_FILLER = word_set(
    """
    a about all also am an and are article articles as at author be been blog bookmark bookmarked but by content did
    do done effort enjoyed ever everyone excited find for forward found from get glad got great hello hey hi have i in
    information info is it its job just knowledge learn learned looking lot lots me more much my of on one our page
    piece post posting posts providing put read reading really s see share shared sharing site so stuff such that the
    them there these this to today topic truly up very visit was we web website what will with work writing written
    wrote you your
    """
)


def praise_in(words: list[Word], more: str = "", *, longest: int = 15, share: float = 0.75) -> list[Word]:
    """The praising ones of ``words``, those of a whole text without its addresses, if it says hardly anything else."""
    if not words or len(words) > longest:
        return []
    value = _VALUE | set(more.casefold().split())
    empty = sum(word.folded in value or word.folded in _FILLER for word in words)
    return [word for word in words if word.folded in value] if empty / len(words) >= share else []


def share_of_capitals(text: str, least: int = 20) -> float:
    """Capitals among the letters that have capitals; 0 where there are fewer than ``least`` of those."""
    upper = sum(map(str.isupper, text))
    cased = upper + sum(map(str.islower, text))
    return upper / cased if cased >= least else 0.0
