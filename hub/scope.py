"""What the admin shows to those who have no part in the pages: moderators.

Several of Wagtail's views ask for nothing but access to the admin: choosers, the admin API, confirmations. They name
drafts, pictures and documents to everybody who comes that far. So whoever edits no pages is held to this list.
"""

from wagtail.admin.auth import permission_denied, user_has_any_page_permission

FOR_ALL = {
    "wagtailadmin_home",
    "wagtailadmin_account",
    "wagtailadmin_logout",
    "wagtailadmin_dismissibles",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_login",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
}
# Ours: each asks what the account may do with comments, and ``tests/nets/test_privileges.py`` whether it does.
DISCUSSIONS = "discussion_"
NAMESPACES_FOR_ALL = {"wagtailsnippets_discussion_cannedreply"}


class AdminScopeMiddleware:
    """Refuses the rest of the admin to accounts that may enter it and have no permission for any page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if not match.route.startswith("admin/") or match.view_name in FOR_ALL or match.namespace in NAMESPACES_FOR_ALL:
            return None
        if match.view_name.startswith(DISCUSSIONS):
            return None
        if match.view_name == "wagtail_bulk_action" and kwargs["app_label"] == "discussion":
            return None
        user = request.user
        if not user.has_perm("wagtailadmin.access_admin") or user_has_any_page_permission(user):
            return None  # the views themselves decide
        return permission_denied(request)
