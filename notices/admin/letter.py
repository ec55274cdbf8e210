"""The HTML of a message as it was sent, for the frame on its page: it runs nothing and loads nothing from elsewhere."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from desk.screens import Screen, add_screen
from notices.covering import covered
from notices.models import Notice
from notices.views import MAIL_POLICY


@method_decorator(xframe_options_sameorigin, name="dispatch")
class Letter(Screen):
    """One message, alone, under a policy that lets it do nothing."""

    permission = "notices.view_notice"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The HTML as the reader got it, but for what its links can do; 404 for a message without any."""
        body = Notice.objects.filter(reference=kwargs["reference"]).values_list("body_html", flat=True).first()
        if not body:
            raise Http404("This message has no HTML.")
        return HttpResponse(covered(body), headers={"Content-Security-Policy": MAIL_POLICY, "Cache-Control": "no-store"})


add_screen("messages/<slug:reference>/letter/", Letter, name="notices_letter")
