"""Deleting many snippets at once, for those who may delete them: Wagtail names them to everybody who edits anything."""

from django.core.exceptions import PermissionDenied
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction

from pages.choices import is_key


class PermittedDeleteBulkAction(DeleteBulkAction):
    """As Wagtail's, but refused as a whole to who may delete none, and not put out by what can be no key.

    To be subclassed with the ``models`` that it is for.
    """

    def dispatch(self, request, *args, **kwargs):
        if not policy_registry.get_by_type(self.models[0]).user_has_permission(request.user, "delete"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def get_queryset(cls, model, object_ids):
        return super().get_queryset(model, [key for key in object_ids if is_key(key)])
