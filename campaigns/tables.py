"""What the list of campaigns shows."""

from campaigns.states import CAMPAIGN_TONES
from desk.lists.tables import Instant, ListColumn, ListTable, Made, Number, RowLink, State


class CampaignTable(ListTable):
    """A campaign at a glance. `time_left`, `promised` and `free` are set by the list."""

    name = RowLink("Campaign", sort="name")
    state = State("State", CAMPAIGN_TONES)
    time_left = Made("Time", lambda campaign: campaign.time_left)
    equipment_model = ListColumn("Lends")
    promised = Number("Promised now", unit=("unit", "units"))
    free = Number("Free now", unit=("unit", "units"))
    programme = ListColumn("Programme", only_exported=True)
    owner = ListColumn("Owner", only_exported=True)
    starts_at = Instant("Starts", only_exported=True)
    ends_at = Instant("Ends", only_exported=True)
    slug = ListColumn("Short name", only_exported=True)
