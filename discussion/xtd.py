"""django-comments-xtd with its publish cascade switched off; in a module alone, since Django counts AppConfigs."""

from django_comments_xtd.apps import CommentsXtdConfig


class QuietCommentsXtdConfig(CommentsXtdConfig):
    """The stock ``ready()`` makes each saved parent publish its held replies."""

    def ready(self):
        pass
