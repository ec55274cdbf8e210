"""Where every page is."""

from django.contrib import admin
from django.urls import include, path, re_path

from config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("brand.css", views.brand_css, name="brand_css"),
    re_path(r"^brand/(?P<sha256>[0-9a-f]{64})\.png$", views.brand_logo, name="brand_logo"),
    path("admin/", include("config.signing_in.urls")),
    path("admin/mailbox/", include("notices.urls")),
    path("admin/", admin.site.urls),
    path("my/", include("rewards.portal.urls")),
    path("", include("notices.public_urls")),
    path("", include("customers.urls")),
    path("", include("referrals.urls")),
]

handler429 = "config.signing_in.views.too_many"
