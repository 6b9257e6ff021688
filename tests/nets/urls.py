"""Every address of Hub, read from the root URL resolver: what the nets are hung on.

A view that is new tomorrow is in these rows without anybody writing it down; the nets then ask for it to be judged.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize


@dataclass(frozen=True)
class Row:
    """One address pattern. ``name`` is the full name with its namespaces, empty parts for patterns without one."""

    pattern: str
    name: str
    view: Callable
    template: str  # of the path, such as "discussion/%(page_id)s/add/"
    arguments: tuple[str, ...]

    @property
    def namespace(self) -> str:
        return self.name.rpartition(":")[0]

    @property
    def is_admin(self) -> bool:
        return self.pattern.startswith("admin/")

    @property
    def known_as(self) -> str:
        """What tables call it: its name, or the pattern of one that has none."""
        return self.name if self.name.rpartition(":")[2] else f"/{self.pattern}"

    def path(self, values: dict) -> str:
        return "/" + self.template % values


def rows() -> list[Row]:
    """All patterns in the order in which they are tried; a pattern with several spellings is there once for each."""
    return list(_walk(get_resolver(), "", "", ()))


def _walk(resolver, pattern, regex, namespaces):
    for entry in resolver.url_patterns:
        joined = pattern + str(entry.pattern)
        expression = regex + entry.pattern.regex.pattern.removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(entry, URLResolver):
            deeper = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, joined, expression, deeper)
            continue
        name = ":".join((*namespaces, entry.name or ""))
        for template, arguments in normalize(expression):
            yield Row(joined, name, entry.callback, template, tuple(arguments))
