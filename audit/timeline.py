"""Reading the trail: everything that happened to a subject, oldest first."""

from django.db.models import Q, QuerySet

from audit.models import Entry


def of(reference: str) -> QuerySet[Entry]:
    """All entries about `reference` or mentioning it, oldest first."""
    mentioned = Q(pk__in=Entry.objects.filter(mentions__reference=reference).values("pk"))
    return Entry.objects.filter(Q(subject_reference=reference) | mentioned).order_by("at", "id")
