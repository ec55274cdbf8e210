"""The brand's frame round the paragraphs of a mail."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from campaigns.models import Brand
from notices.rendering import Rendered


def framed(rendered: Rendered, *, language: str) -> str:
    """A whole HTML document for mail programs. The paragraphs come escaped from `rendering`, hence are marked safe here."""
    return render_to_string(
        "notices/frame.html",
        {
            "brand": Brand.current(),
            "language": language,
            "subject": rendered.subject,
            "paragraphs": [mark_safe(paragraph) for paragraph in rendered.paragraphs],
        },
    )
