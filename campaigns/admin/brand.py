"""The page of the brand: its name, logo, colours and voice."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from audit.admin.timeline import EditedAdmin
from audit.editing import Named, write
from campaigns import logos, voice
from campaigns.models import Brand
from campaigns.refusals import LogoRefused
from desk.languages import name_of

_LABELS = {
    "support_email": "E-mail for questions",
    "colour_dark": "Colour on dark pages",
    "address": "Postal address",
}
_HELPS = {
    "colour": "Buttons and links, as #rrggbb. Text on it is white.",
    "colour_dark": "The same for customers whose device is set to dark.",
    "address": "For the foot of messages; the law of many countries asks for it.",
}
_VOICE = {"greeting": "How messages begin", "sign_off": "How messages end"}
_LONGEST = {"greeting": 60, "sign_off": 120}
_BUILT_IN = {
    "greeting": "Before the reader's name. Left empty: the built-in word of each language, such as “Hello” and “Hallo”.",
    "sign_off": "Left empty: the built-in words of each language, with the name above.",
}
_ON_FORM_ONLY = ("logo_file", "logo_removed")


class LogoField(forms.FileField):
    """A logo, drawn anew when it is read."""

    widget = forms.FileInput

    def __init__(self) -> None:
        super().__init__(
            label="New logo",
            required=False,
            widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
            help_text=f"A PNG, JPEG or WebP of up to {logos.MAX_BYTES // 10**6} MB. Wide ones with the name in them, on a transparent "
            "ground, read best. It takes the place of the name at the head of pages, mails and paper.",
        )

    def clean(self, data: Any, initial: Any = None) -> logos.Logo | None:
        """The logo; says what is wrong with the file."""
        file = super().clean(data, initial)
        try:
            return logos.read(file, size=file.size) if file else None
        except LogoRefused as refused:
            raise forms.ValidationError(refused.sentence, code=refused.code) from refused


class BrandForm(forms.ModelForm):
    """The brand, with a file for its logo and its voice in each language."""

    logo_file = LogoField()
    logo_removed = forms.BooleanField(label="Show the name instead of the logo", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, code in _others():
            self.initial.setdefault(f"{part}_{code}", voice.own(self.instance, part, code))

    def clean(self) -> dict[str, Any]:
        """Keep what is said in the other languages."""
        typed = super().clean() or self.cleaned_data
        if typed.get("logo_file") and typed.get("logo_removed"):
            self.add_error("logo_removed", "Choose one: a new logo, or none.")
        for part, code in _others():
            if f"{part}_{code}" in self.changed_data:
                voice.say(self.instance, part, code, typed.get(f"{part}_{code}", ""))
        return typed

    def full_clean(self) -> None:
        """With a word at a logo that gets lost because something else is wrong."""
        super().full_clean()
        if self.is_bound and self.errors and self.cleaned_data.get("logo_file"):
            self.add_error(
                "logo_file", "This logo is fine. Choose it once more: browsers do not keep a file when a form comes back."
            )

    def clean_sign_off(self) -> str:
        """With the line ends of all other texts."""
        return str(self.cleaned_data["sign_off"]).replace("\r\n", "\n")

    def written(self) -> list[str]:
        """Fields of the brand that are written, as the trail names them."""
        return sorted({"logo" if name in _ON_FORM_ONLY else name for name in self.changed_data})


def _others() -> list[tuple[str, str]]:
    """What is said, and the code of a language other than the house's own."""
    return [(part, code) for part in voice.SAID for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def _spoken(part: str, language: str, *, help_text: str = "") -> forms.CharField:
    name = name_of(language)
    attrs = {"lang": language, "class": "vTextField"}
    widget = forms.TextInput(attrs) if part == "greeting" else forms.Textarea({**attrs, "rows": 2})
    label = f"{_VOICE[part]} ({name})"
    return forms.CharField(label=label, required=False, max_length=_LONGEST[part], widget=widget, help_text=help_text)


def _spoken_fields() -> list[str]:
    """The fields of the voice: what is said in the house's own language, followed by the others."""
    return [name for part in voice.SAID for name in (part, *(f"{one}_{code}" for one, code in _others() if one == part))]


BrandForm.declared_fields.update({f"{part}_{code}": _spoken(part, code) for part, code in _others()})
BrandForm.declared_fields.update({part: _spoken(part, settings.LANGUAGE_CODE, help_text=_BUILT_IN[part]) for part in voice.SAID})


@admin.register(Brand)
class BrandAdmin(EditedAdmin):
    """Name, logo, colours and voice, in one place."""

    list_display = ["name", "company", "support_email"]
    form = BrandForm
    labels = _LABELS
    helps = _HELPS
    help = "brand"
    readonly_fields = ["logo_now", "said_now"]

    def subject(self, row: Brand) -> Named:
        """There is one brand."""
        return Named("brand", "brand")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only while there is none."""
        return super().has_add_permission(request) and not Brand.objects.exists()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """In groups; whoever may only read sees what is stored."""
        is_written = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        has_logo = bool(obj and obj.logo)
        shown = ["logo_now"] if has_logo else []
        taken = ["logo_file", *(["logo_removed"] if has_logo else [])] if is_written else []
        spoken = ["said_now", *(_spoken_fields() if is_written else [])]
        return [
            (None, {"fields": ["name", "company", "address", "support_email"]}),
            *([("Logo", {"fields": shown + taken})] if shown + taken else []),
            ("Colours", {"fields": ["colour", "colour_dark"]}),
            ("Voice", {"fields": spoken}),
            ("News", {"fields": ["news_from_hour", "news_until_hour", "news_cap", "news_cap_days"]}),
            ("Texts and invitations", {"fields": ["texts_urgent", "remembers_invitations"]}),
        ]

    @admin.display(description="Logo now")
    def logo_now(self, row: Brand) -> SafeString:
        """The logo as pages show it, light and dark."""
        return render_to_string("campaigns/_logo_now.html", {"brand": row})

    @admin.display(description="Said now")
    def said_now(self, row: Brand) -> SafeString:
        """How messages begin and end in each language, with the built-in words where nothing is written."""
        said = [(name, code, voice.greeting(row, code), voice.sign_off(row, code)) for code, name in settings.LANGUAGES]
        return render_to_string("campaigns/_said_now.html", {"said": said})

    def save_model(self, request: HttpRequest, obj: Brand, form: Any, change: bool) -> None:
        """Save through the verb that records, with the logo that was chosen or taken off."""
        logo = form.cleaned_data.get("logo_file")
        if logo:
            logos.put_on(obj, logo)
        elif form.cleaned_data.get("logo_removed"):
            logos.take_off(obj)
        write(row=obj, about=self.subject(obj), changed=form.written(), at=timezone.now(), by=self.actor(request))
