"""The tab with a campaign's messages: which text speaks, how it reads, and a text of the campaign's own."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_sameorigin

from campaigns.admin.fixes import register_fix
from campaigns.admin.tabs import CampaignScreen, CampaignTab, register_tab
from campaigns.states import Side
from customers import finding
from customers.models import Customer
from desk.languages import name_of
from desk.refusals import Refused
from desk.screens import add_screen
from notices import publishing
from notices.kinds import KINDS
from notices.models import Template
from notices.previewing import Message, Speaking, messages_of, preview
from notices.segments import MOST
from notices.states import Channel
from notices.trying_out import send_test
from notices.views import MAIL_POLICY

_FOUND = 6
"""Customers a search shows at most."""
_READERS = {Side.REFERRER.value: "Somebody who refers", Side.REFEREE.value: "A friend"}
_EITHER = {"": "Not known"}
"""From which side a text can be read. Of urgent ones the side is always known."""


class TextForm(forms.Form):
    """A text of the campaign's own."""

    subject = forms.CharField(label="Subject", max_length=150, required=False)
    body = forms.CharField(label="Text", max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}))

    def __init__(self, data: Any = None, *, template: Template | None, channel: str, kind: str) -> None:
        begin = {"subject": template.subject, "body": template.body} if template else {}
        super().__init__(data, label_suffix="", initial=begin)
        names = ", ".join(f"{{{{ {name} }}}}" for name in sorted(KINDS[kind].allowed))
        self.fields["body"].help_text = f"You can use: {names}. A line whose facts are all empty is left out."
        if channel == Channel.SMS:
            del self.fields["subject"]


@register_tab
class Messages(CampaignTab):
    """What a campaign says, to whom, in which words."""

    slug = "messages"
    label = "Messages"
    order = 60
    permission = "notices.view_template"
    help = "messages"
    how = "Common texts speak for all campaigns. A text of this campaign’s own comes before them, as soon as it is published."
    template_name = "notices/campaign_messages.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write a draft, publish one, or send a test to oneself."""
        action = request.POST.get("action")
        if action == "draft":
            return self._draft()
        template = get_object_or_404(Template, pk=_whole(request.POST.get("template", "")), **self._mine(action))
        at = timezone.now()
        if action == "publish":
            self.attempt(
                lambda: publishing.publish(template=template, at=at, by=self.actor), "Published: from now on these words are sent."
            )
        elif action == "test":
            self.attempt(
                lambda: send_test(template=template, campaign=self.campaign, at=at, by=self.actor),
                lambda notice: f"A test is on its way to {notice.address}.",
            )
        return redirect(self._here())

    def _mine(self, action: str | None) -> dict[str, Any]:
        """Which texts an action of this page may be about: only the campaign's own are published here."""
        if action == "publish":
            return {"campaign": self.campaign}
        return {"pk__in": [one.pk for one in self._shown_templates()]}

    def _shown_templates(self) -> list[Template]:
        texts = [text for message in self.all for text in message.texts]
        return [one for text in texts for one in (text.template, text.draft) if one is not None]

    def _draft(self) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        words = {"subject": self.form.cleaned_data.get("subject", ""), "body": self.form.cleaned_data["body"]}
        chosen: dict[str, Any] = {"kind": self.kind, "language": self.language, "channel": self.channel, "campaign": self.campaign}
        try:
            template = publishing.draft(**chosen, **words, at=timezone.now(), by=self.actor)
        except Refused as refusal:
            messages.error(self.request, refusal.sentence)
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(self.request, f"Version {template.version} is a draft. Look at it here, then publish it.")
        return redirect(self._here())

    @cached_property
    def asked(self) -> Any:
        """What was chosen, in the address or in the form."""
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @cached_property
    def channel(self) -> Channel:
        """How the messages travel."""
        return Channel.SMS if self.asked.get("channel") == Channel.SMS else Channel.EMAIL

    @cached_property
    def kind(self) -> str:
        """The kind that is shown: the one that was chosen, or one that has a text in this channel."""
        asked = self.asked.get("kind", "")
        return asked if asked in KINDS else self._spoken(self.asked.get("stay", ""))

    def _spoken(self, wished: str) -> str:
        """The wished kind where it has a text in this channel; else the first that has one, or the first of all."""
        spoken = [message.kind.name for message in self.all if any(text.template or text.draft for text in message.texts)]
        return wished if wished in spoken else next(iter(spoken or KINDS))

    @cached_property
    def language(self) -> str:
        """The language that is shown."""
        asked = self.asked.get("language", "")
        return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGES[0][0]

    @cached_property
    def sides(self) -> dict[str, str]:
        """From which sides the text can be read; none for mails, which say the same to both."""
        if self.channel != Channel.SMS:
            return {}
        return _READERS if KINDS[self.kind].is_urgent else _EITHER | _READERS

    @cached_property
    def side(self) -> Side | None:
        """The side from which it is read: the one that was chosen, or the first."""
        asked = self.asked.get("side", "")
        chosen = asked if asked in self.sides else next(iter(self.sides), "")
        return Side(chosen) if chosen else None

    @cached_property
    def all(self) -> list[Message]:
        """Every kind with its texts."""
        return messages_of(self.campaign, self.channel)

    @cached_property
    def shown(self) -> Speaking:
        """The text that is shown."""
        message = next(message for message in self.all if message.kind.name == self.kind)
        return next(text for text in message.texts if text.language == self.language)

    @cached_property
    def text(self) -> Template | None:
        """The words shown: the draft where there is one, or what speaks."""
        return self.shown.draft or self.shown.template

    @cached_property
    def form(self) -> TextForm:
        """Beginning with the words shown."""
        data = self.request.POST if self.request.method == "POST" and self.request.POST.get("action") == "draft" else None
        return TextForm(data, template=self.text, channel=self.channel, kind=self.kind)

    def _here(self, **more: str) -> str:
        chosen = {"kind": self.kind, "language": self.language, "channel": str(self.channel)}
        chosen |= {"side": str(self.side)} if self.side else {}
        return f"{self.request.path}?{urlencode({**chosen, **more})}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All texts, the chosen one as a customer would read it, and the form for one of its own."""
        found, customer = self._people()
        at = timezone.now()
        return super().get_context_data(
            messages_of=self.all,
            languages=settings.LANGUAGES,
            kind=KINDS[self.kind],
            language=self.language,
            language_name=name_of(self.language),
            channel=self.channel,
            channels=Channel.choices,
            shown=self.shown,
            text=self.text,
            sides=self.sides.items(),
            side=self.side or "",
            seen=preview(self.text, self.campaign, to=customer, at=at, side=self.side) if self.text else None,
            most_sms=MOST,
            letter=self._letter(customer),
            customer=customer,
            found=found,
            may_search=self.request.user.has_perm("customers.view_customer"),
            may_write=self.request.user.has_perm("notices.add_template"),
            may_publish=self.request.user.has_perm("notices.publish_template"),
            form=self.form,
            words=self.asked.get("q", ""),
            here=self._here(),
            **kwargs,
        )

    def _letter(self, customer: Customer | None) -> str:
        if self.text is None:
            return ""
        query = {"template": str(self.text.pk), **({"customer": customer.reference} if customer else {})}
        return f"{self.request.path}letter/?{urlencode(query)}"

    def _people(self) -> tuple[list[Customer], Customer | None]:
        """Those a search found, and the one whose message is shown."""
        words = self.asked.get("q", "").strip()
        if not words or not self.request.user.has_perm("customers.view_customer"):
            return [], None
        found = list(finding.people(words).filter(erased_at__isnull=True).order_by("name", "id")[:_FOUND])
        return found, found[0] if len(found) == 1 else None


@method_decorator(xframe_options_sameorigin, name="dispatch")
class Letter(CampaignScreen):
    """A text filled in, alone, for the frame: it runs nothing and loads nothing."""

    permission = "notices.view_template"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The HTML of a text that may speak for this campaign; for a customer only to those who may see customers."""
        template = Template.objects.filter(pk=_whole(request.GET.get("template", ""))).first()
        if template is None or template.campaign_id not in (None, self.campaign.pk):
            raise Http404("This text does not speak for this campaign.")
        seen = preview(template, self.campaign, to=self._customer(request), at=timezone.now())
        if not seen.html:
            raise Http404("This text has no HTML.")
        return HttpResponse(seen.html, headers={"Content-Security-Policy": MAIL_POLICY, "Cache-Control": "no-store"})

    def _customer(self, request: HttpRequest) -> Customer | None:
        reference = request.GET.get("customer", "")
        if not reference or not request.user.has_perm("customers.view_customer"):
            return None
        return Customer.objects.filter(reference=reference, erased_at__isnull=True).first()


def _whole(text: str) -> int:
    """A key from an address; nought for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


add_screen("campaigns/<slug:campaign>/messages/letter/", Letter, name="campaign_messages_letter")
register_fix("notices", "messages")
