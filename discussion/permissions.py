"""Who may do what with comments in the admin: moderators decide, nobody writes or deletes there."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q
from wagtail.permission_policies import BasePermissionPolicy

MODERATE = "discussion.moderate"
PERSONAL_DATA = "discussion.personal_data"


def may_moderate(user) -> bool:
    """Whether ``user`` may see the queue and decide in it. Editing pages gives no such right, nor this any to pages."""
    return user.is_active and user.has_perm(MODERATE)


def may_see_personal_data(user) -> bool:
    """Whether ``user`` may export and erase what is held of a person. Moderating comments gives no such right."""
    return user.is_active and user.has_perm(PERSONAL_DATA)


class CommentPermissionPolicy(BasePermissionPolicy):
    """``view`` and ``moderate`` for moderators; ``add``, ``change``, ``delete`` and ``publish`` for nobody."""

    def user_has_permission(self, user, action):
        return action in {"view", "moderate"} and may_moderate(user)

    def users_with_any_permission(self, actions):
        users = get_user_model().objects.filter(is_active=True)
        if not {"view", "moderate"} & set(actions):
            return users.none()
        permission = Permission.objects.filter(content_type__app_label="discussion", codename="moderate")
        holds = Q(is_superuser=True) | Q(user_permissions__in=permission) | Q(groups__permissions__in=permission)
        return users.filter(holds).distinct()

    def instances_user_has_any_permission_for(self, user, actions):
        allowed = self.user_has_any_permission(user, actions)
        return self.model.objects.all() if allowed else self.model.objects.none()

    def users_with_any_permission_for_instance(self, actions, instance):
        return self.users_with_any_permission(actions)
