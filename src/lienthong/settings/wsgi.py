"""The web application, as Granian serves it."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lienthong.runtime.garbage import collect_seldom
from lienthong.runtime.process import end_with_parent, leave_out_terminal_toolkits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.production")
end_with_parent()
leave_out_terminal_toolkits()

application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # every page's code, else loaded by the first request
collect_seldom()
