"""The settings of the test suite: the same, with cheap password hashing and a data directory of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "SHOUMI_DATA_DIRECTORY" not in os.environ:
    _scratch = tempfile.mkdtemp(prefix="shoumi-test-")
    os.environ["SHOUMI_DATA_DIRECTORY"] = _scratch
    atexit.register(shutil.rmtree, _scratch, ignore_errors=True)

from shoumi.server.project.settings import *  # noqa: F403 - Django's own way to derive settings
from shoumi.server.project.settings import CONFIG, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(CONFIG.data_directory) / "test.sqlite3")}
