"""The outbox, the templates, and whom not to write to."""

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign
from customers.models import Customer
from desk.languages import name_of
from desk.references import new_reference
from notices.kinds import title_of
from notices.states import Channel, EventKind, EventState, NoticeState, TemplateState


def notice_reference() -> str:
    """A fresh opaque name for a notice."""
    return new_reference("not")


def event_reference() -> str:
    """A fresh opaque name for what a provider told."""
    return new_reference("evt")


class Template(models.Model):
    """The words of one kind of notice in one language, in versions. Published versions do not change."""

    subject_type = "template"

    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.EMAIL)
    language = models.CharField(max_length=8, default="en")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, blank=True, related_name="templates")
    version = models.PositiveIntegerField(default=1)
    subject = models.CharField(max_length=150, blank=True)
    body = models.TextField(help_text="Plain text with {{ placeholders }}; an empty line starts a paragraph.")
    state = models.CharField(max_length=10, choices=TemplateState, default=TemplateState.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["kind", "channel", "language", "-version"]
        permissions = [("publish_template", "Can publish templates")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel", "language", "campaign", "version"],
                condition=Q(campaign__isnull=False),
                name="template_version_unique_in_campaign",
            ),
            models.UniqueConstraint(
                fields=["kind", "channel", "language", "version"],
                condition=Q(campaign__isnull=True),
                name="template_version_unique_for_all",
            ),
            models.CheckConstraint(
                condition=Q(state=TemplateState.DRAFT) | Q(published_at__isnull=False), name="template_published_at_an_instant"
            ),
        ]

    def __str__(self) -> str:
        return f"{title_of(self.kind)} ({name_of(self.language)}, {self.get_channel_display()}), version {self.version}"

    @property
    def reference(self) -> str:
        """The public name."""
        return f"{self.kind}/{self.channel}/{self.language}/{self.campaign_id or 'all'}/{self.version}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of the outbox."""

    def named(self, name: str) -> "NoticeQuerySet":
        """The message with this name: our reference, its Message-ID, or the provider's own name for it."""
        if not name:
            return self.none()
        return self.filter(Q(reference=name) | Q(message_id__in=[name, f"<{name}>"]) | Q(provider_id=name))


class Notice(models.Model):
    """One message: a row before it is a message. Its Message-ID never changes, so a second sending can be told."""

    subject_type = "notice"

    reference = models.CharField(max_length=24, unique=True, default=notice_reference, editable=False)
    dedupe_key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=6, choices=Channel)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="notices", help_text="Nobody only for a test."
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    is_test = models.BooleanField("test", default=False, help_text="Sent by a member of staff to themselves.")
    about = models.CharField(max_length=80, blank=True, help_text="Reference of what it speaks of.")
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200, blank=True)
    body_text = models.TextField()
    body_html = models.TextField(blank=True)
    is_marketing = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=36, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField("name at the provider", max_length=120, blank=True)
    said_with = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="says", help_text="The message that says this too."
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [("retry_notice", "Can send a failed notice again"), ("read_mailbox", "Can read the demo mailbox")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=NoticeState.SENDING) | (Q(lease_until__isnull=False) & ~Q(lease_token="")),
                name="notice_sending_under_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[NoticeState.SENT, NoticeState.DELIVERED]) | Q(sent_at__isnull=False),
                name="notice_sent_at_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False, is_test=False) | Q(customer__isnull=True, is_test=True),
                name="notice_to_a_customer_or_a_test",
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.BUNDLED, said_with__isnull=False) | ~Q(state=NoticeState.BUNDLED),
                name="notice_bundled_with_another",
            ),
            models.CheckConstraint(condition=~Q(message_id=""), name="notice_has_a_message_id"),
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="notice_due"),
            models.Index(fields=["customer", "-created_at"], name="notice_of_customer"),
            models.Index(fields=["created_at", "id"], name="notice_newest"),
            models.Index(fields=["about"], condition=~Q(about=""), name="notice_about"),
            models.Index(fields=["state", "created_at", "id"], name="notice_newest_in_state"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="notice_at_the_provider"),
            models.Index(fields=["customer", "created_at"], condition=Q(is_marketing=True), name="notice_news_of_customer"),
        ]

    def __str__(self) -> str:
        return self.subject or title_of(self.kind)

    def concerns(self) -> list[str]:
        """References whose timelines show what happens to this notice: the reader, the subject, the campaign."""
        campaign = [self.campaign.reference] if self.campaign else []
        reader = [self.customer.reference] if self.customer else []
        return [*reader, *([self.about] if self.about else []), *campaign]


class Suppression(models.Model):
    """An address that is not written to. Only a keyed hash of it is kept, so that it outlives erasure."""

    subject_type = "suppression"

    channel = models.CharField(max_length=6, choices=Channel)
    address_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["channel", "address_hash"], name="suppression_once_per_address")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} suppressed: {self.reason}"

    @property
    def reference(self) -> str:
        """The public name: the start of the keyed hash."""
        return f"sup_{self.address_hash[:16]}"


class ProviderEvent(models.Model):
    """Something a provider told, kept once. What it says of addresses is kept as a keyed hash; words only until they are old."""

    subject_type = "provider_event"

    reference = models.CharField(max_length=24, unique=True, default=event_reference, editable=False)
    provider = models.CharField(max_length=40)
    event_id = models.CharField("name at the provider", max_length=200)
    kind = models.CharField(max_length=12, choices=EventKind)
    channel = models.CharField(max_length=6, choices=Channel)
    message = models.CharField(max_length=160, blank=True, help_text="How the provider names the message it speaks of.")
    notice = models.ForeignKey(Notice, on_delete=models.SET_NULL, null=True, blank=True, related_name="events")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="replies", help_text="Who answered."
    )
    address_hash = models.CharField(max_length=64, blank=True)
    detail = models.CharField(max_length=200, blank=True, help_text="The provider's own words.")
    words = models.CharField(max_length=480, blank=True, help_text="What was answered.")
    is_for_good = models.BooleanField(default=False, help_text="The address will never take a message.")
    state = models.CharField(max_length=10, choices=EventState, default=EventState.WAITING)
    outcome = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = "answer or bounce"
        verbose_name_plural = "answers and bounces"
        permissions = [("answer_reply", "Can settle answers by SMS")]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_told_once"),
            models.CheckConstraint(condition=Q(state=EventState.WAITING) | ~Q(outcome=""), name="provider_event_has_an_outcome"),
        ]
        indexes = [
            models.Index(fields=["state", "received_at", "id"], name="provider_event_in_state"),
            models.Index(fields=["address_hash", "received_at"], name="provider_event_of_address"),
            models.Index(fields=["received_at", "id"], name="provider_event_newest"),
            models.Index(fields=["message"], condition=~Q(message=""), name="provider_event_of_message"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_channel_display()}"

    @property
    def person(self) -> Customer | None:
        """Whom it concerns: who answered, or whose message it speaks of."""
        return self.customer or (self.notice.customer if self.notice else None)
