"""Log-ins of the demo hub: an editor, a moderator, an administrator, with passwords made on the first run."""

import json
import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

ACCOUNTS = {
    "editor": {"first_name": "Edith", "last_name": "Corrigan", "groups": ["Editors", "Publishers"]},
    "moderator": {"first_name": "Mo", "last_name": "Denholm", "groups": ["Moderators"]},
    "admin": {"first_name": "Ada", "last_name": "Minton", "groups": []},
}


def passwords() -> dict[str, str]:
    """Passwords by user name: ``HUB_DEMO_PASSWORD`` for all, else those in the local folder, made on first asking."""
    if given := os.environ.get("HUB_DEMO_PASSWORD"):
        return dict.fromkeys(ACCOUNTS, given)
    path = settings.LOCAL_DIR / "demo-passwords.json"
    if path.exists():
        return json.loads(path.read_text())
    made = {name: secrets.token_urlsafe(9) for name in ACCOUNTS}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(made))
    return made


def that_let_in() -> dict[str, str]:
    """Those of ``passwords`` that are the accounts' now: they may have been changed, or others named, since they were made."""
    users = get_user_model().objects.in_bulk(list(ACCOUNTS), field_name="username")
    return {name: password for name, password in passwords().items() if name in users and users[name].check_password(password)}


def build() -> None:
    """Make or mend the three accounts."""
    for name, password in passwords().items():
        account = ACCOUNTS[name]
        user, _ = get_user_model().objects.get_or_create(username=name, defaults={"email": f"{name}@saltmarsh.example"})
        user.first_name, user.last_name = account["first_name"], account["last_name"]
        user.is_superuser = name == "admin"
        user.is_staff = True
        user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name__in=account["groups"]))
