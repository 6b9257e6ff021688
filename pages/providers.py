"""What pages show and other packages know. A package fills these when it is loaded; unfilled they answer with nothing."""

from collections.abc import Callable


class Provider:
    """A question of pages to whoever answers it. Unfilled, it answers with what ``nothing`` makes."""

    def __init__(self, nothing: Callable[[], object]):
        self._answer = None
        self._nothing = nothing

    def fill(self, answer: Callable) -> None:
        self._answer = answer

    def __call__(self, *args, **kwargs):
        return self._answer(*args, **kwargs) if self._answer else self._nothing()


# ``(page, user) -> {"words", "url"}``: how a page's discussion stands, and where ``user`` looks after it ("" if they do not).
discussion_summary = Provider(dict)

# ``(old, into, by=) -> int``: move all that was said beneath the page ``old`` beneath ``into``; how many comments went.
# Raises ``CannotTakeOver`` where it cannot.
take_over_discussion = Provider(int)


class CannotTakeOver(Exception):
    """A discussion cannot go to another page; the message says why."""


# ``(page keys, number) -> [{"comment", "page", "url"}]``: what was said last beneath pages, one comment for each of them.
recent_comments = Provider(list)

# ``(keys) -> int``: how many published comments the pages have whose keys a queryset gives.
comments_of = Provider(int)

# ``() -> queryset of page keys``: the pages with something published beneath them, whether it is shown or not.
discussed_pages = Provider(list)

# ``(keys) -> keys``: those of these pages beneath which readers find something.
discussed_among = Provider(set)

# ``() -> {name: expression}``: what is read with every card, for whoever counts beneath it.
card_columns = Provider(dict)

# ``(words typed) -> {"number", "url"}``: how many comments fit, "1,000+" when there are more, and where they are listed.
comments_found = Provider(dict)
