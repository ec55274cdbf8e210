"""The tab Languages: what each text of the campaign reads in the other languages, next to the original."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings

from campaigns.admin.set_up import FormTab
from campaigns.admin.tabs import register_tab
from campaigns.recipe_parts import Recipe
from desk.languages import name_of
from desk.speaking import key_of

LONGEST = 5000
_SHORT = 80
"""A text up to this length is typed on one line."""


@dataclass(frozen=True)
class Part:
    """One language with its fields, and how many texts still have none."""

    code: str
    name: str
    fields: list[forms.BoundField]
    missing: int


class LanguagesForm(forms.Form):
    """One field for each text in each language but the campaign's own. An empty one means: say the original."""

    def __init__(self, *args: Any, recipe: Recipe, is_open: bool = True, **kwargs: Any) -> None:
        self.recipe = recipe
        self.known = {(language, text): translated for language, text, translated in recipe.translations}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for language, text in self._asked():
            self.fields[_name(language, text)] = _field(
                language, text, self.known.get((language, key_of(text)), ""), is_open=is_open
            )

    def parts(self) -> Iterator[Part]:
        """The fields by language."""
        for code, name in _others(self.recipe):
            texts = self.recipe.texts()
            missing = sum((code, key_of(text)) not in self.known for text in texts)
            yield Part(code, name, [self[_name(code, text)] for text in texts], missing)

    def changed(self, recipe: Recipe) -> Recipe:
        """The recipe with what was written here; a field that was not touched leaves what is there."""
        kept = {(language, text): translated for language, text, translated in recipe.translations}
        for language, text in self._asked():
            if (name := _name(language, text)) in self.changed_data:
                kept[language, key_of(text)] = self.cleaned_data[name].replace("\r\n", "\n").strip()
        translations = tuple(sorted((*key, translated) for key, translated in kept.items() if translated))
        return replace(recipe, translations=translations)

    def field_of(self, key: str) -> str:
        """None: nothing that is refused is about one field here."""
        return ""

    def _asked(self) -> Iterator[tuple[str, str]]:
        return ((code, text) for code, _ in _others(self.recipe) for text in self.recipe.texts())


@register_tab
class LanguagesTab(FormTab):
    """Read what customers of each language read, and write it."""

    slug = "languages"
    label = "Languages"
    order = 25
    template_name = "campaigns/languages.html"
    form_class = LanguagesForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the name of the language the campaign is written in."""
        written = self.campaign.language
        return super().get_context_data(written_in=name_of(written), **kwargs)


def _others(recipe: Recipe) -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES if code != recipe.campaign.language]


def _name(language: str, text: str) -> str:
    """Names the text by what it reads, so that a form sent after the campaign changed never writes into another text's field."""
    return f"{language}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _field(language: str, text: str, translated: str, *, is_open: bool) -> forms.CharField:
    attrs = {"lang": language}
    widget = forms.TextInput(attrs) if len(text) <= _SHORT else forms.Textarea({**attrs, "rows": 4})
    return forms.CharField(
        label=text, initial=translated, required=False, max_length=LONGEST, widget=widget, disabled=not is_open,
        error_messages={"max_length": f"Write at most {LONGEST} characters."},
    )  # fmt: skip
