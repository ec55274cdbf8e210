"""The tab Terms: what friends and borrowers agree to, all its versions, and how the next one becomes public."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from audit.models import Entry
from campaigns import changing, wordings
from campaigns.admin.problems import put_on
from campaigns.admin.set_up import EditingTab, FormTab
from campaigns.admin.tabs import register_tab
from campaigns.admin.terms_forms import NAMES, SIDES, ChoiceForm, DocumentForm, TranslationForm, WordingForm, others_using
from campaigns.models import Campaign
from campaigns.recipe_parts import Recipe
from customers import agreeing
from customers.models import Acceptance, Agreement, AgreementVersion
from desk.columns import list_of
from desk.refusals import Refused
from desk.screens import Crumb, add_screen
from desk.speaking import unwrapped

PUBLISH = "customers.publish_agreement"


@dataclass(frozen=True)
class VersionRow:
    """One wording: when and by whom it became public, how many customers accepted it, and where to read it."""

    version: AgreementVersion
    is_current: bool
    by: str
    accepted: int
    accepted_url: str
    url: str


@dataclass(frozen=True)
class Document:
    """One of the campaign's two documents, as the tab shows it."""

    side: str
    name: str
    agreement: Agreement | None
    versions: Sequence[VersionRow]
    others: Sequence[Campaign]


@register_tab
class TermsTab(FormTab):
    """Both documents, and which ones they are."""

    slug = "terms"
    label = "Terms"
    order = 50
    template_name = "campaigns/terms.html"
    form_class = ChoiceForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both documents with all their versions."""
        documents = [document_of(self.campaign, side, self.request) for side in SIDES]
        may_publish = self.request.user.has_perm(PUBLISH)
        return super().get_context_data(documents=documents, may_publish=may_publish, **kwargs)


def agreement_of(campaign: Campaign, side: str) -> Agreement | None:
    """The campaign's document on this side. 404 for an unknown side."""
    if side not in SIDES:
        raise Http404("There is no such document.")
    return campaign.campaign_terms if side == "campaign" else campaign.loan_terms


def document_of(campaign: Campaign, side: str, request: HttpRequest) -> Document:
    """A document with its versions, newest first."""
    agreement = agreement_of(campaign, side)
    if agreement is None:
        return Document(side, NAMES[side], None, (), ())
    publishers = _publishers(agreement)
    current = agreement.current()
    may_list = request.user.has_perm("customers.view_acceptance")
    rows = []
    for version in agreement.versions.annotate(accepted=Count("acceptances__customer", distinct=True)).order_by("-number"):
        listed = list_of(Acceptance, version=version.pk) if may_list and version.accepted else ""
        url = reverse("admin:campaign_terms_version", args=[campaign.slug, side, version.number])
        is_current = current is not None and current.pk == version.pk
        rows.append(VersionRow(version, is_current, publishers.get(version.number, ""), version.accepted, listed, url))
    return Document(side, NAMES[side], agreement, rows, others_using(agreement, campaign))


def _publishers(agreement: Agreement) -> dict[int, str]:
    """Who published each version, from the trail."""
    about = Entry.objects.filter(subject_type="agreement", subject_reference=agreement.slug, event="agreement.published")
    return {json.loads(data)["number"]: actor for data, actor in about.values_list("data", "actor")}


class _Beside(EditingTab):
    """A page of one document, beside the tab."""

    slug, label = "terms", "Terms"

    @cached_property
    def agreement(self) -> Agreement:
        """The document of the address. 404 where the campaign has none on this side."""
        agreement = agreement_of(self.campaign, self.kwargs["side"])
        if agreement is None:
            raise Http404("This campaign has no such document.")
        return agreement

    def crumbs(self) -> list[Crumb]:
        """Under the tab Terms."""
        return [*super().crumbs(), Crumb(self.campaign.name, TermsTab.address(self.campaign))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whose page it is, and the way back."""
        side = self.kwargs["side"]
        named = {"side": side, "document_name": NAMES[side], "leaf": NAMES[side], "back_url": TermsTab.address(self.campaign)}
        return super().get_context_data(**{**kwargs, **named, "may_publish": self.request.user.has_perm(PUBLISH)})


class WriteScreen(_Beside):
    """Write the next version: it becomes a draft, which is compared before it is published."""

    permission = PUBLISH
    template_name = "campaigns/terms_write.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin with the newest wording."""
        newest = self.agreement.versions.order_by("-number").first()
        form = WordingForm(initial={"body": unwrapped(newest.body) if newest else ""}, label_suffix="")
        return self.render_to_response(self.get_context_data(form=form, agreement=self.agreement))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it as a draft."""
        form = WordingForm(request.POST, label_suffix="")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, agreement=self.agreement), status=422)
        body = form.cleaned_data["body"].replace("\r\n", "\n")
        newest = self.agreement.versions.order_by("-number").first()
        if newest is None or unwrapped(newest.body) != unwrapped(body):
            newest = agreeing.draft(agreement=self.agreement, body=body, at=timezone.now(), by=self.actor)
            messages.success(request, f"Version {newest.number} is a draft. Compare it, then publish it.")
        return redirect("admin:campaign_terms_version", self.campaign.slug, self.kwargs["side"], newest.number)


class VersionScreen(_Beside):
    """One wording, compared with the public one; a draft can be published from here."""

    template_name = "campaigns/terms_version.html"

    @cached_property
    def version(self) -> AgreementVersion:
        """The version of the address. 404 when there is none."""
        version = self.agreement.versions.filter(number=self.kwargs["number"]).first()
        if version is None:
            raise Http404("There is no such version.")
        return version

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Publish the draft, or keep what the wording reads in other languages. Doing either again changes nothing."""
        if "translate" in request.POST:
            return self._translate(request)
        done = f"Version {self.version.number} is public. Whoever accepts from now on accepts this wording."
        self.attempt(lambda: agreeing.publish(version=self.version, at=timezone.now(), by=self.actor), done)
        return redirect(TermsTab.address(self.campaign))

    def _translate(self, request: HttpRequest) -> HttpResponse:
        form = TranslationForm(request.POST, version=self.version, may_change=True)
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        for language in form.changed_data:
            agreeing.translate(
                version=self.version, language=language, text=form.cleaned_data[language], at=timezone.now(), by=self.actor
            )
        messages.success(request, "Saved. Customers read it beside the wording." if form.changed_data else "Nothing was changed.")
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The comparison with the public wording, or with the one before it."""
        other = self._other()
        lines = wordings.compared(unwrapped(other.body), unwrapped(self.version.body)) if other else []
        shown = {"version": self.version, "other": other, "lines": lines, "summary": wordings.count_in_words(lines)}
        kwargs.setdefault("form", TranslationForm(version=self.version, may_change=self.request.user.has_perm(PUBLISH)))
        return super().get_context_data(
            agreement=self.agreement, others=others_using(self.agreement, self.campaign), **shown, **kwargs
        )

    def _other(self) -> AgreementVersion | None:
        current = self.agreement.current()
        if current is not None and current.pk != self.version.pk:
            return current
        return self.agreement.versions.filter(number__lt=self.version.number).order_by("-number").first()


class NewDocumentScreen(_Beside):
    """A document of the campaign's own: written, published and used in one go."""

    permission = PUBLISH
    template_name = "campaigns/terms_new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin with a name made from the campaign's."""
        agreement_of(self.campaign, self.kwargs["side"])
        what = "terms" if self.kwargs["side"] == "campaign" else "loan-terms"
        title = f"{self.campaign.name[:80]}: {NAMES[self.kwargs['side']].lower()}"
        form = DocumentForm(initial={"title": title, "slug": f"{self.campaign.slug[:38]}-{what}"}, label_suffix="")
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Publish it and use it."""
        agreement_of(self.campaign, self.kwargs["side"])
        form = DocumentForm(request.POST, label_suffix="")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        name = SIDES[self.kwargs["side"]]

        def with_document(recipe: Recipe) -> Recipe:
            written: dict[str, Any] = {name: form.part()}
            return replace(recipe, **written)

        try:
            changing.change(campaign=self.campaign, to=with_document, seen=self.seen, at=timezone.now(), by=self.actor)
        except Refused as refusal:
            put_on(form, refusal, lambda key: key.rpartition(".")[2])
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, f"“{form.cleaned_data['title']}” is public, and this campaign uses it.")
        return redirect(TermsTab.address(self.campaign))


add_screen("campaigns/<slug:campaign>/terms/<slug:side>/write/", WriteScreen, name="campaign_terms_write")
add_screen("campaigns/<slug:campaign>/terms/<slug:side>/new/", NewDocumentScreen, name="campaign_terms_new")
add_screen("campaigns/<slug:campaign>/terms/<slug:side>/<int:number>/", VersionScreen, name="campaign_terms_version")
