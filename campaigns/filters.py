"""By what campaigns are picked out on their list."""

from campaigns.states import CampaignState, Programme
from desk.lists.filters import Choice, FromDay, ListFilters, Row, ToDay
from equipment.filters import models


class CampaignFilters(ListFilters):
    """How they stand, who refers, what is lent."""

    state = Choice("state", "State", CampaignState.choices)
    programme = Choice("programme", "Programme", Programme.choices)
    equipment_model = Row("equipment_model", "Equipment", models)
    ends_from = FromDay("ends_at", "Ends from")
    ends_to = ToDay("ends_at", "Ends to")
    more = ("ends_from", "ends_to")
