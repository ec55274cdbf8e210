"""The public page of a version of an agreement."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from customers.models import AgreementVersion


@require_safe
@cache_control(public=True, max_age=300)
def terms(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Exactly the wording of one published version, which never changes, below its translation where there is one; drafts are not shown."""
    published = AgreementVersion.objects.filter(published_at__isnull=False).select_related("agreement")
    version = get_object_or_404(published, agreement__slug=slug, number=number)
    assert version.published_at is not None
    day = date_format(version.published_at, pgettext("a day, as Django's date filter writes it", "j F Y"))
    help_to_read = version.reads_in(get_language() or "")
    context = {"version": version, "current": version.agreement.current(), "published_on": day, "help_to_read": help_to_read}
    return render(request, "public/terms.html", context)
