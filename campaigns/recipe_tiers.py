"""The tiers and steps of a recipe: which keys they have, what each may be, and what must agree among them."""

from collections.abc import Iterator
from decimal import Decimal

from campaigns.offers import SIDES
from campaigns.recipe_format import Table
from campaigns.recipe_parts import CampaignPart, Recipe, StepPart, TierPart
from campaigns.states import Proof, RewardKind, Rhythm, Side

FIXED = "fixed"
"""A discount of a sum of money; an empty word means percent."""
_HUNDRED = Decimal(100)
_STEP_PROOFS = [proof for proof in Proof.values if proof != Proof.VERIFIED_SIGNUP]
_STEP_KEYS = {"amount": (Proof.FIRST_PURCHASE, Proof.N_PURCHASES), "count": (Proof.N_PURCHASES,), "days": (Proof.DAYS_ACTIVE,)}
_STEP_NEEDS = {Proof.N_PURCHASES.value: "count", Proof.DAYS_ACTIVE.value: "days"}


def read_tier(table: Table, campaign: CampaignPart) -> TierPart:
    """One tier of a recipe; what is wrong is noted in its table."""
    part = TierPart(
        key=table.slug("key", is_required=True),
        side=table.choice("side", Side.values),
        title=table.text("title", limit=120, is_required=True),
        kind=table.choice("kind", RewardKind.values),
        nth=table.whole("nth", most=10_000, default=1),
        rhythm=table.choice("rhythm", Rhythm.values, default=Rhythm.EACH),
        equipment=table.slug("equipment"),
        amount=table.money("amount"),
        cost=table.money("cost", is_zero_allowed=True) or Decimal("0.00"),
        variant=table.slug("variant"),
        discount=_discount(table),
        step=table.slug("step"),
        replaces=table.slug("replaces"),
        instead_of=table.slug("instead_of"),
    )
    if table.has("kind") and table.data["kind"] in RewardKind.values:
        _tier_value(table, part)
        if table.has("discount") and part.kind != RewardKind.DISCOUNT:
            table.problem("discount", f"does not go with kind = “{part.kind}”; only with discount")
    if table.has("side") and table.data["side"] in Side.values:
        _tier_side(table, part, campaign)
    table.close()
    return part


def _tier_value(table: Table, part: TierPart) -> None:
    """Equipment needs a model and no amount, a product neither, everything else an amount."""
    if part.kind == RewardKind.EQUIPMENT:
        if not part.equipment:
            table.problem("equipment", "is missing; a tier of kind “equipment” names the SKU that is lent")
    elif part.equipment:
        table.problem("equipment", f"does not go with kind = “{part.kind}”; only with equipment")
    if part.kind in (RewardKind.EQUIPMENT, RewardKind.PRODUCT):
        if table.has("amount"):
            table.problem("amount", f"does not go with kind = “{part.kind}”; what it costs is written as cost")
    elif not table.has("amount"):
        table.problem("amount", f"is missing; a tier of kind “{part.kind}” needs it")
    elif part.kind == RewardKind.DISCOUNT and not part.discount and (part.amount or 0) > _HUNDRED:
        table.problem("amount", "is a discount in percent, so at most 100")


def _tier_side(table: Table, part: TierPart, campaign: CampaignPart) -> None:
    if part.side not in SIDES.get(campaign.rewarded, ()):
        table.problem("side", f"“{part.side}” is not rewarded: campaign.rewarded is “{campaign.rewarded}”")
    if part.side == Side.REFEREE and part.nth != 1:
        table.problem("nth", "must be 1 for the friend, who is referred only once")


def _discount(table: Table) -> str:
    word = table.choice("discount", ("percent", FIXED), default="percent")
    return FIXED if word == FIXED else ""


def read_step(table: Table) -> StepPart:
    """One step of a recipe; what is wrong is noted in its table."""
    part = StepPart(
        key=table.slug("key", is_required=True),
        title=table.text("title", limit=120, is_required=True),
        proof=table.choice("proof", _STEP_PROOFS),
        position=table.whole("position", most=100, default=1),
        amount=table.money("amount"),
        count=table.whole("count", most=1000),
        days=table.whole("days", most=730),
        within_days=table.whole("within_days", most=730, default=90),
    )
    for key, proofs in _STEP_KEYS.items():
        if table.has(key) and part.proof not in proofs:
            table.problem(key, f"does not go with proof = “{part.proof}”; only with {' or '.join(proofs)}")
    needed = _STEP_NEEDS.get(part.proof)
    if needed and not table.has(needed):
        table.problem(needed, f"is missing; proof = “{part.proof}” needs it")
    if (part.days or 0) > part.within_days:
        table.problem("days", "is more than within_days, so nobody could ever do it")
    table.close()
    return part


def tiers_agree(root: Table, recipe: Recipe) -> None:
    """Note what a tier names and is not there, and a tier that cannot stand for the one it names."""
    for number, tier in enumerate(recipe.tiers, 1):
        for key, problem in _problems(tier, recipe):
            root.problem(f"tiers[{number}].{key}", problem)


def _problems(tier: TierPart, recipe: Recipe) -> Iterator[tuple[str, str]]:
    if tier.variant and tier.variant not in {variant.key for variant in recipe.variants}:
        yield "variant", f"there is no [[variants]] with the key “{tier.variant}”"
    if tier.step and tier.step not in {step.key for step in recipe.steps}:
        yield "step", f"there is no [[steps]] with the key “{tier.step}”"
    for key in ("replaces", "instead_of"):
        yield from ((key, problem) for problem in _stands_wrongly(tier, getattr(tier, key), recipe))
    if tier.replaces and tier.instead_of:
        yield "instead_of", "does not go with replaces: a tier is an upgrade or a choice"


def _stands_wrongly(tier: TierPart, named: str, recipe: Recipe) -> Iterator[str]:
    other = next((one for one in recipe.tiers if one.key == named), None)
    if named and other is None:
        yield f"there is no [[tiers]] with the key “{named}”"
    elif other is not None and other.key == tier.key:
        yield "names the tier itself; name another one"
    elif other is not None and (other.side, other.step) != (tier.side, tier.step):
        yield f"“{named}” is for another side or another step"
    elif other is not None and tier.instead_of and other.instead_of:
        yield f"“{named}” is a choice itself; name the tier it stands beside"
