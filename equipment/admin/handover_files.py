"""Files of the handover desk that are not public: photos of units, receipts on paper."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from desk import panels
from desk.panels import Cell, Panel
from desk.screens import add_screen
from equipment import labels, photos, receipts
from equipment.admin.handover import PERMISSIONS, DeskScreen, address
from equipment.models import ConditionPhoto, Loan, Pool


class PhotoFile(DeskScreen):
    """One photo of a unit, for those who may see photos."""

    permission = "equipment.view_conditionphoto"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file; its name tells nothing and its type cannot be guessed anew."""
        photo = ConditionPhoto.objects.filter(name=kwargs["name"]).first()
        path = photos.path_of(photo.name) if photo else None
        if path is None or not path.is_file():
            raise Http404("There is no such photo.")
        return _file(path.read_bytes(), "image/jpeg", f"photo-{kwargs['name'][:8]}.jpg", "private")


class HandoverReceipt(DeskScreen):
    """The receipt of a hand-over as a PDF."""

    is_readable = True
    permission = PERMISSIONS
    kind = receipts.HANDOVER
    paper = "print/receipt.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Drawn anew each time from what is recorded; the same facts make the same bytes.

        Made at the desk they are noted on the trail, once; whoever only looks at them has made no paper.
        """
        rows = Loan.objects.select_related("pool__model", "unit", "borrower", "acceptance__version__agreement")
        loan = rows.filter(reference=kwargs["reference"]).first()
        receipt = receipts.receipt(loan, self.kind, url=f"{settings.SITE_URL}{address(loan)}") if loan else None
        if loan is None or receipt is None:
            raise Http404("There is no such receipt.")
        body = receipts.draw(render_to_string(self.paper, {"receipt": receipt}, request=request), receipt)
        if self.may_act(request):
            receipts.note(loan=loan, kind=self.kind, body=body, at=timezone.now(), by=self.actor)
        return _file(body, "application/pdf", f"{self.kind.replace(' ', '-')}-{receipt.code}.pdf", "no-store")


class ReturnReceipt(HandoverReceipt):
    """The receipt of a return as a PDF."""

    kind = receipts.RETURN


class AcceptedTerms(HandoverReceipt):
    """The loan terms as the borrower accepted them, as a PDF."""

    kind = receipts.TERMS
    paper = "print/terms.html"


class LabelSheet(DeskScreen):
    """Labels for all units of a pool as a PDF."""

    is_readable = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Drawn anew each time."""
        pool = Pool.objects.select_related("model").filter(pk=kwargs["pk"]).first()
        sheet = labels.labels(pool) if pool else []
        if not sheet:
            raise Http404("This pool has no units to label.")
        html = render_to_string("print/labels.html", {"pool": pool, "labels": sheet}, request=request)
        return _file(labels.draw(html, sheet), "application/pdf", f"labels-{kwargs['pk']}.pdf", "no-store")


def labels_of_pool(pool: Pool) -> Panel | None:
    """The way to the sheet of labels."""
    if not pool.units.exists():
        return None
    cell = Cell("Labels for all units, with QR codes (PDF)", reverse("admin:unit_labels", args=[pool.pk]))
    return Panel("To print", ["Sheet"], [[cell]], "")


def _file(body: bytes, kind: str, name: str, cached: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": cached, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type=kind, headers=headers)


panels.register("equipment.pool", labels_of_pool, permission="equipment.prepare_loan")
add_screen("handover/labels/<int:pk>.pdf", LabelSheet, name="unit_labels")
add_screen("handover/photos/<slug:name>/", PhotoFile, name="handover_photo")
add_screen("handover/<slug:reference>/receipt.pdf", HandoverReceipt, name="handover_receipt")
add_screen("handover/<slug:reference>/return-receipt.pdf", ReturnReceipt, name="handover_return_receipt")
add_screen("handover/<slug:reference>/terms.pdf", AcceptedTerms, name="handover_terms")
