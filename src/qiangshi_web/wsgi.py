"""The WSGI application; the settings module is chosen by DJANGO_SETTINGS_MODULE."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiangshi_web.settings.production")

application = get_wsgi_application()
