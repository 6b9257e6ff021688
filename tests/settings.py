"""Hub's settings with what tests need and nothing that product code would have to know."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789")
SCRATCH = Path(tempfile.mkdtemp(prefix="hub-tests-"))
(SCRATCH / "static").mkdir()  # or whitenoise warns, and here warnings are errors
os.environ["HUB_LOCAL_DIR"] = str(SCRATCH)
os.environ["MEDIA_ROOT"] = str(SCRATCH / "media")
if url := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url
else:
    os.environ.pop("DATABASE_URL", None)
for name in ("DEBUG", "BASE_URL", "ALLOWED_HOSTS"):
    os.environ.pop(name, None)

from hub.settings import *  # noqa: E402, F403
from hub.settings import DATABASES, STORAGES, WAGTAILSEARCH_BACKENDS  # noqa: E402

# A file instead of memory: threads of one test share it as those of a server do.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
HUB_COMMENT_SECONDS = 0  # tests type faster than people; those of the minimum time set it themselves
HUB_CHECKS_LINKS = False  # those of the checker turn it on, against a server of their own
# The admin's search is brought up to date where a test asks for it (the fixture ``admin_search``): it is a third of what a
# page costs to make.
WAGTAILSEARCH_BACKENDS = {"default": WAGTAILSEARCH_BACKENDS["default"] | {"AUTO_UPDATE": False}}
