"""What a campaign gives, in the words its customers read, so that pages and messages say it alike."""

from django.utils.translation import gettext as _

from campaigns import criteria
from campaigns.offers import Due
from campaigns.states import RewardKind
from equipment.models import EquipmentModel


def lent(model: EquipmentModel) -> str:
    """A thing on loan, with for how long."""
    return _("%(item)s, on loan for %(days)s") % {"item": model.called(), "days": criteria.days(model.loan_days)}


def gift(due: Due) -> str:
    """What a tier gives, in a line: the thing for so long, or the tier's own title in the reader's language."""
    if due.kind == RewardKind.EQUIPMENT and due.equipment_model is not None:
        return lent(due.equipment_model)
    return due.tier.campaign.said(due.tier.title)
