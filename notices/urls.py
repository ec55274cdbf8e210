"""Where the mailbox is; the frame puts it under /admin/mailbox/."""

from django.contrib import admin
from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("", admin.site.admin_view(views.mails), name="mailbox"),
    path("<str:file>/<int:position>/", admin.site.admin_view(views.mail), name="mail"),
    path("<str:file>/<int:position>/html/", admin.site.admin_view(views.mail_html), name="mail_html"),
]
