"""The site with the pages that measuring needs beside its own, for a web server that is only measured."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "config.bench_urls"
settings.LANDING_KEPT_SECONDS = 3600
application = get_wsgi_application()
