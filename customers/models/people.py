"""Customers and the facts about them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from customers.states import CHANNELS, PURPOSES, AttributeType, Membership, Origin
from customers.surnames import Surname
from desk.beginnings import BeginningIndex
from desk.references import new_reference


def customer_reference() -> str:
    """A fresh opaque name for a customer."""
    return new_reference("cus")


class Attribute(models.Model):
    """A field of a customer that this company declared for itself; usable in rules and imports like any other.

    Values lie in `Customer.attributes` by name: text and choices as text, numbers as numbers, days as ISO text, yes and no as
    true and false. An unknown value has no key.
    """

    subject_type = "attribute"

    name = models.SlugField(unique=True, help_text="As written in rules and import maps.")
    label = models.CharField(max_length=80)
    type = models.CharField(max_length=10, choices=AttributeType, default=AttributeType.TEXT)
    choices = models.JSONField(default=list, blank=True, help_text="Allowed values, for “one of a list”.")
    is_sensitive = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def reference(self) -> str:
        """The public name."""
        return self.name


class Customer(models.Model):
    """A person known to the company: a member, or a friend who signed up.

    There is no gender; age counts only by birth year. After erasure the row stays, without anything personal.
    """

    subject_type = "customer"

    reference = models.CharField(max_length=24, unique=True, default=customer_reference, editable=False)
    external_id = models.CharField(max_length=64, null=True, blank=True, unique=True, help_text="Id in the CRM.")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False, help_text="Normalised for comparing.")
    phone = models.CharField(max_length=20, blank=True, help_text="E.164, such as +491701234567.")
    language = models.CharField(max_length=8, default="en")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    region = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=80, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    tags = models.JSONField(default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    membership = models.CharField(max_length=10, choices=Membership, default=Membership.PROSPECT)
    member_since = models.DateField(null=True, blank=True)
    activated_on = models.DateField(null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.UNKNOWN)
    origin_reason = models.CharField(max_length=200, blank=True)
    origin_referral = models.CharField(max_length=24, blank=True, help_text="Reference of the referral that brought them.")
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        permissions = [
            ("import_customers", "Can import customers"),
            ("verify_customer", "Can verify a registration"),
            ("erase_customer", "Can erase a customer's personal data"),
            ("read_contact", "Can see customers' addresses, telephone numbers and birth years"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["email_key"],
                condition=Q(erased_at__isnull=True) & ~Q(email_key=""),
                name="customer_email_unique_among_live",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(external_id__isnull=True, name="", email="", email_key="", phone="", birth_year__isnull=True),
                name="customer_erased_holds_nothing_personal",
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_year__gte=1900, birth_year__lte=2100),
                name="customer_birth_year_plausible",
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "country"], name="customer_membership_country"),
            models.Index(fields=["name", "id"], name="customer_by_name"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="customer_phone"),
            BeginningIndex(Upper("name"), name="customer_name_begins"),
            BeginningIndex(Surname("name"), name="customer_surname_begins"),
        ]

    def __str__(self) -> str:
        return self.name or self.reference

    def first_name(self) -> str:
        """What to call the customer in a message."""
        return self.name.split(" ")[0] if self.name else ""


class CreditScore(models.Model):
    """A score about a customer. Apart from the customer, behind its own permission; every reading is recorded."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="credit_scores")
    score = models.PositiveIntegerField()
    source = models.CharField(max_length=40)
    scored_on = models.DateField()

    class Meta:
        ordering = ["-scored_on", "-id"]
        permissions = [("read_credit_score", "Can read credit scores")]
        constraints = [
            models.UniqueConstraint(fields=["customer", "source", "scored_on"], name="credit_score_once_per_source_and_day"),
        ]

    def __str__(self) -> str:
        return f"Score of {self.customer_id}"


class Consent(models.Model):
    """One act of giving or withdrawing consent. Rows are only added; the newest one counts."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=10, choices=list(CHANNELS.items()))
    purpose = models.CharField(max_length=20, choices=list(PURPOSES.items()))
    is_given = models.BooleanField()
    how = models.CharField(max_length=200, help_text="Where and with which words.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["customer", "channel", "purpose", "-at"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.get_channel_display()}: {'agreed' if self.is_given else 'withdrawn'}"
