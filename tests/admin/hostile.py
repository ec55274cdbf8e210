"""What strangers type, in every field of the world that takes free words."""

from itertools import cycle

from django.apps import apps

from audit.actors import SYSTEM
from referrals import reviewing
from referrals.models import Referral
from tests.make import AT

_WORDS = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)>",
    "\u202egnp.exe‮ \u0627\u0644\u0639\u0631\u0628\u064a\u0629 אבג",
    "W" * 200,
    "👩‍👩‍👧‍👦🏳️‍🌈 Zoë 𝕬𝖘𝖍𝖆 ﷽ Z̷̢̛a̶l̴g̵o̸",
    "{{ settings.SECRET_KEY }}{% debug %}${7*7}#{7*7}",
    "=cmd|' /C calc'!A0 \t -2+3 @SUM(1)",
    "javascript:alert(1)//' OR 1=1; --",
)
"""Markup, letters that run the other way, a word without an end, signs of many parts, templates, formulas, other languages."""
FREE_WORDS = {
    "rewards.Reward": ("reason",),
    "rewards.Approval": ("note", "waited_for"),
    "rewards.Appeal": ("words", "note"),
    "rewards.Clawback": ("reason",),
    "rewards.Line": ("reason",),
    "rewards.PortalSession": ("device",),
    "referrals.Code": ("invitation_text", "state_reason"),
    "referrals.Touch": ("referer_host",),
    "referrals.Referral": ("progress_reason", "standing_reason"),
    "referrals.Signal": ("evidence",),
    "referrals.SubstituteOffer": ("reason",),
    "referrals.Risk": ("reason",),
    "referrals.PromoCode": ("text",),
    "referrals.SpokenName": ("text",),
    "referrals.Story": ("text", "shown_name", "state_reason"),
    "referrals.Feedback": ("words",),
    "referrals.HelpRequest": ("question", "answer"),
    "notices.Template": ("subject", "body"),
    "notices.Notice": ("subject", "body_text", "reason"),
    "notices.ProviderEvent": ("detail", "words", "outcome"),
    "notices.Sequence": ("name",),
    "campaigns.Campaign": ("name", "headline", "pitch", "state_reason", "owner"),
    "campaigns.Segment": ("name",),
    "campaigns.EligibilityRule": ("sentence", "justification", "source"),
    "campaigns.Promotion": ("name",),
    "campaigns.Step": ("title",),
    "campaigns.Tier": ("title",),
    "equipment.EquipmentModel": ("name", "summary", "setup_guide", "return_protocol"),
    "equipment.Closure": ("reason",),
    "equipment.Unit": ("note",),
    "equipment.Loan": ("reason",),
    "equipment.MissingAccessory": ("name",),
    "equipment.Exchange": ("reason",),
    "equipment.ConditionReport": ("note",),
    "equipment.LoanRequest": ("words", "answer"),
    "customers.Attribute": ("label",),
    "customers.Customer": ("name", "region", "postcode", "city", "origin_reason"),
    "customers.CreditScore": ("source",),
    "customers.Agreement": ("title",),
    "customers.AgreementVersion": ("body",),
    "customers.Acceptance": ("typed_name",),
    "customers.ImportRun": ("file_name", "problem"),
}


KEPT = {"notices.Template": {"state": "draft"}, "customers.AgreementVersion": {"published_at": None}}
"""Of what is never changed once it was published, only drafts."""


def spoil() -> int:
    """Put another of the hostile texts into each of the fields of each row; how many fields were written."""
    words, written = cycle(_WORDS), 0
    for label, names in FREE_WORDS.items():
        model = apps.get_model(label)
        for row in model._default_manager.filter(**KEPT.get(label, {})).order_by("pk"):
            values = {name: next(words)[: model._meta.get_field(name).max_length or 1000] for name in names}
            model._default_manager.filter(pk=row.pk).update(**values)
            written += len(values)
    reviewing.flag(referral=Referral.objects.order_by("pk")[0], reason=f"{_WORDS[0]} {_WORDS[2]}", at=AT, by=SYSTEM)
    return written
