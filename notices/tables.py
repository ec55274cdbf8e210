"""What lists of messages, their templates and suppressed addresses show."""

from desk.languages import name_of
from desk.lists.tables import Instant, ListColumn, ListTable, Made, Number, Related, RowLink, State
from notices.kinds import title_of
from notices.states import EVENT_TONES, NOTICE_TONES, TEMPLATE_TONES


def _kind(row):
    return title_of(row.kind)


def _language(row):
    return name_of(row.language)


class NoticeTable(ListTable):
    """One message: what was said to whom, and whether it arrived."""

    subject = RowLink("Message", accessor="title")
    state = State("State", NOTICE_TONES)
    customer = Related("To")
    kind = Made("Kind", _kind)
    channel = ListColumn("Channel")
    attempts = Number("Tries")
    created_at = Instant("Written", with_time=True, sort="created_at")
    reference = ListColumn("Reference", only_exported=True)
    about = ListColumn("About", only_exported=True)
    reason = ListColumn("Why", only_exported=True)
    sent_at = Instant("Sent", only_exported=True)


class TemplateTable(ListTable):
    """The words of a kind of message, in versions."""

    kind = RowLink("Message", accessor="title")
    version = Number("Version")
    state = State("State", TEMPLATE_TONES)
    language = Made("Language", _language, plain=lambda row: row.language)
    channel = ListColumn("Channel")
    campaign = Related("Campaign", default="All")
    published_at = Instant("Published")
    subject = ListColumn("Subject", only_exported=True)


class ProviderEventTable(ListTable):
    """One thing a provider told, or somebody answered."""

    kind = RowLink("What", "get_kind_display")
    state = State("State", EVENT_TONES)
    person = Related("Whom it concerns", default="–")
    notice = Related("Message", default="–")
    channel = ListColumn("Channel")
    outcome = ListColumn("What came of it")
    received_at = Instant("Told", with_time=True, sort="received_at")
    reference = ListColumn("Reference", only_exported=True)


class SuppressionTable(ListTable):
    """An address that is not written to, as a hash."""

    channel = RowLink("Channel", "get_channel_display")
    reason = ListColumn("Why")
    at = Instant("Since")
    address_hash = Made("Hash of the address", lambda row: f"{row.address_hash[:16]}…", plain=lambda row: row.address_hash)
