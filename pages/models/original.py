"""Rows that name a page name what was written there, and no alias of it: by that readers find them at the other end."""


class NamesOriginalMixin:
    """For rows with a foreign key to a page, called ``names``: what is chosen as an alias is kept as its original."""

    names = "page"
    names_once = False  # no two rows beside each other may name the same

    def clean(self):
        super().clean()
        named = getattr(self, self.names, None)
        if named and named.alias_of_id:
            setattr(self, f"{self.names}_id", named.alias_of_id)
