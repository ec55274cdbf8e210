"""The accounts of a customer: balances, movements, and the desk's way to book what was spent."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from audit.admin.screens import ActingScreen
from audit.list_exports import record_export
from customers.models import Customer
from desk import csv_writing
from desk.columns import page_of
from desk.parts import Empty
from desk.refusals import Refused
from desk.screens import Crumb, add_screen
from rewards import redeeming, statements
from rewards.models import Account

PERMISSION = "rewards.view_account"
HEADER = ("at", "account", "what", "amount", "unit", "balance", "entry")


class RedeemForm(forms.Form):
    """What was spent, from which account. `told` makes the second click harmless."""

    account = forms.ChoiceField(label="From")
    amount = forms.DecimalField(min_value=0, max_digits=10, decimal_places=2)
    memo = forms.CharField(label="For what", max_length=160, help_text="The customer reads it on the statement.")
    told = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "initial": {"told": f"desk-{uuid.uuid4().hex[:24]}"}, **kwargs})
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)
        rows = Account.objects.filter(customer=customer, kind__in=["credit", "points"], balance__gt=0)
        field.choices = [
            (f"{row.kind}:{row.unit}", f"{row.get_kind_display()}, {statements.plain(row.balance, row.unit)}") for row in rows
        ]


class StatementScreen(ActingScreen):
    """What a customer has, and how it came to be."""

    permission = PERMISSION
    help = "accounts"
    how = (
        "Every movement stands here for good; what is taken back is a movement of its own. Redeem what the customer has just spent."
    )
    template_name = "rewards/statement.html"

    @cached_property
    def customer(self) -> Customer:
        """The customer of the address. 404 when there is none."""
        found = Customer.objects.filter(reference=self.kwargs["reference"]).first()
        if found is None:
            raise Http404("There is no such customer.")
        return found

    def crumbs(self) -> list[Crumb]:
        """Under the customer."""
        listed = reverse("admin:customers_customer_changelist")
        return [Crumb("Customers", listed), Crumb(self.customer, page_of(self.customer))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the movements as a file."""
        if request.GET.get("format") == "csv":
            return self._file()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All accounts with their movements."""
        found = [
            {
                "statement": one,
                "balance": statements.plain(one.balance, one.unit),
                "owed": statements.plain(one.owed, one.unit),
                "decimals": 0 if one.unit == "points" else 2,
            }
            for one in statements.statements_of(self.customer)
        ]
        may_redeem = self.request.user.has_perm(redeeming.PERMISSION)
        shown = {
            "title": f"Accounts of {self.customer}",
            "customer": self.customer,
            "accounts": found,
            "empty": Empty("This customer has no account yet. One is opened with the first credit, cash or points."),
            "form": RedeemForm(customer=self.customer) if may_redeem else None,
        }
        return super().get_context_data(**{**shown, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redeem. What was typed stays when it is refused."""
        self.actor.require(redeeming.PERMISSION)
        form = RedeemForm(request.POST, customer=self.customer)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        data = form.cleaned_data
        kind, _, unit = data["account"].partition(":")
        try:
            redeeming.redeem(
                customer=self.customer, kind=kind, unit=unit, amount=data["amount"], external_id=data["told"], at=timezone.now(),
                by=self.actor, memo=data["memo"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("amount", refusal.sentence)
            return self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        return redirect(request.path)

    def _file(self) -> HttpResponse:
        rows = [
            (line.at, one.label, line.words, line.amount, one.unit, line.balance, line.entry)
            for one in statements.statements_of(self.customer)
            for line in one.movements
        ]
        record_export(
            label="rewards.posting", filters={"customer": self.customer.reference}, rows=len(rows), at=timezone.now(), by=self.actor
        )
        name = f"statement-{self.customer.reference}.csv"
        return StreamingHttpResponse(  # type: ignore[return-value]
            csv_writing.write(HEADER, rows), content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip


def address_of(customer: Customer) -> str:
    """Where the accounts of a customer stand."""
    return reverse("admin:statement", args=[customer.reference])


add_screen("customers/<slug:reference>/accounts/", StatementScreen, name="statement")
