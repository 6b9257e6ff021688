"""Who looks at the report."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from tests import factories


@pytest.fixture
def section_editor(section):
    """Edits what stands beneath the section, and nothing else."""
    group = Group.objects.create(name="Editors of the section")
    group.permissions.set(Permission.objects.filter(codename="access_admin"))
    GroupPagePermission.objects.create(group=group, page=section, permission=Permission.objects.get(codename="change_page"))
    user = factories.UserFactory(username="section-editor")
    user.groups.add(group)
    return user
