"""What the demo company lends, and where it stands."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from audit.actors import SYSTEM
from desk.speaking import key_of
from equipment import stocking
from equipment.models import EquipmentModel, Pool

_MODELS = [
    {
        "sku": "aero-7-camera",
        "name": "Aero 7 mirrorless camera",
        "summary": "Small, light, with two lenses and a bag.",
        "replacement_value": Decimal("1290"),
        "loan_days": 14,
        "setup_guide": "Charge the battery for two hours. Put the card in, turn the wheel to the green camera, and press.",
        "return_protocol": "Take your card out. Put the camera, both lenses, charger and strap back in the bag and bring it to the desk.",
        "checklist": ["Battery and charger", "Two lenses with caps", "Strap and bag"],
    },
    {
        "sku": "tent-4",
        "name": "Family tent for four",
        "summary": "Stands in ten minutes, keeps dry in a storm.",
        "replacement_value": Decimal("480"),
        "loan_days": 10,
        "setup_guide": "Lay out the ground sheet, connect the poles of one colour, raise, then peg from the windward side.",
        "return_protocol": "Dry it completely before packing. Count the pegs: there are 24. Bring it in its bag.",
        "checklist": ["24 pegs", "Poles complete", "No tears seen"],
    },
    {
        "sku": "cargo-ebike",
        "name": "Cargo e-bike",
        "summary": "Carries two children or 80 kg of shopping.",
        "replacement_value": Decimal("5200"),
        "loan_days": 14,
        "setup_guide": "Adjust the saddle, switch on at the display, start in the lowest gear. Charge indoors every evening.",
        "return_protocol": "Bring it with key, charger and rain cover, charged to at least half.",
        "checklist": ["Brakes tried together", "Two keys", "Charger", "Helmet offered"],
    },
    {
        "sku": "field-spectrometer",
        "name": "Field spectrometer S2",
        "summary": "Measures soil and leaves on the spot.",
        "replacement_value": Decimal("8900"),
        "loan_days": 21,
        "setup_guide": "Let it warm up for ten minutes, measure the white tile first, then your samples.",
        "return_protocol": "Copy your data off, clean the window with the cloth, and return it in the hard case.",
        "checklist": ["White tile", "Calibration sheet", "Hard case and cloth"],
    },
    {
        "sku": "projector-xl",
        "name": "Projector XL",
        "summary": "A cinema for the garden wall.",
        "replacement_value": Decimal("950"),
        "loan_days": 14,
        "setup_guide": "Stand it three metres from the wall, plug in, choose your source with the round button.",
        "return_protocol": "Let it cool for ten minutes before packing. Bring the remote control and both cables.",
        "checklist": ["Remote control", "Power and picture cable", "Lens cap"],
    },
    {
        "sku": "rowing-machine",
        "name": "Rowing machine",
        "summary": "Folds to the size of a chair; delivered to your door.",
        "replacement_value": Decimal("720"),
        "loan_days": 28,
        "setup_guide": "Unfold until it clicks, set the damper to 4, strap in your feet and pull with your legs first.",
        "return_protocol": "Wipe the seat and handle, fold it, and have it ready at the door on the agreed day.",
        "checklist": ["Folds and locks", "Display works", "Foot straps"],
    },
]
_STOCK = {
    "aero-7-camera": {("Berlin", "DE"): 26, ("Hamburg", "DE"): 14, ("Paris", "FR"): 12},
    "tent-4": {("Berlin", "DE"): 18, ("Madrid", "ES"): 10},
    "cargo-ebike": {("Berlin", "DE"): 12, ("Hamburg", "DE"): 8},
    "field-spectrometer": {("Hamburg", "DE"): 8, ("Paris", "FR"): 5},
    "projector-xl": {("Berlin", "DE"): 14, ("Madrid", "ES"): 6},
    "rowing-machine": {("Berlin", "DE"): 10, ("Paris", "FR"): 6},
}
_GERMAN = {
    "aero-7-camera": (
        "Systemkamera Aero 7",
        "Klein und leicht, mit zwei Objektiven und Tasche.",
        "Lade den Akku zwei Stunden lang. Lege die Karte ein, drehe das Rad auf die grüne Kamera und drücke ab.",
        "Nimm deine Karte heraus. Lege Kamera, beide Objektive, Ladegerät und Gurt in die Tasche und bring sie zur Ausgabe.",
    ),
    "tent-4": (
        "Familienzelt für vier",
        "Steht in zehn Minuten und bleibt im Sturm trocken.",
        "Breite die Unterlage aus, stecke Stangen gleicher Farbe zusammen, richte das Zelt auf und spanne es von der Windseite her ab.",
        "Trockne es ganz, bevor du es einpackst. Zähle die Heringe: Es sind 24. Bring es in seiner Tasche.",
    ),
    "cargo-ebike": (
        "Lasten-E-Bike",
        "Trägt zwei Kinder oder 80 kg Einkauf.",
        "Stelle den Sattel ein, schalte am Display ein und fahre im kleinsten Gang an. Lade den Akku jeden Abend im Haus.",
        "Bring es mit Schlüssel, Ladegerät und Regenhaube, mindestens halb geladen.",
    ),
    "field-spectrometer": (
        "Feldspektrometer S2",
        "Misst Boden und Blätter an Ort und Stelle.",
        "Lass es zehn Minuten warm werden, miss zuerst die weiße Kachel, dann deine Proben.",
        "Sichere deine Daten, reinige das Fenster mit dem Tuch und bring es im Hartkoffer zurück.",
    ),
    "projector-xl": (
        "Beamer XL",
        "Ein Kino für die Gartenwand.",
        "Stelle ihn drei Meter vor die Wand, stecke ihn ein und wähle deine Quelle mit dem runden Knopf.",
        "Lass ihn vor dem Einpacken zehn Minuten abkühlen. Bring Fernbedienung und beide Kabel mit.",
    ),
    "rowing-machine": (
        "Rudergerät",
        "Klappt auf die Größe eines Stuhls zusammen und kommt zu dir nach Hause.",
        "Klappe es auf, bis es einrastet, stelle den Widerstand auf 4, schnalle die Füße fest und ziehe zuerst mit den Beinen.",
        "Wische Sitz und Griff ab, klappe es zusammen und halte es am vereinbarten Tag an der Tür bereit.",
    ),
}
"""How it is called, what it is, how it is set up and how it comes back, for German readers."""
_ZONES = {"Berlin": "Europe/Berlin", "Hamburg": "Europe/Berlin", "Paris": "Europe/Paris", "Madrid": "Europe/Madrid"}


def fill(*, at: datetime) -> int:
    """Create the six models, their pools and all units. Answers how many units there are."""
    units = 0
    for values in _MODELS:
        sku = str(values["sku"])
        model, _ = EquipmentModel.objects.get_or_create(
            sku=sku,
            defaults={
                **values,
                "drawing": f"img/models/{sku}.svg",
                "turnaround_days": 2,
                "translations": {"de": _in_german(values)},
            },
        )
        for (place, country), count in _STOCK[sku].items():
            pool, _ = Pool.objects.get_or_create(
                model=model, place=place, defaults={"country": country, "time_zone": _ZONES[place], "open_days": "1111110"}
            )
            for number in range(1, count + 1):
                stocking.add_unit(pool=pool, serial=f"{sku[:3].upper()}-{place[:3].upper()}-{number:03}", at=at, by=SYSTEM)
                units += 1
    return units


def _in_german(values: Mapping[str, object]) -> dict[str, str]:
    texts = ("name", "summary", "setup_guide", "return_protocol")
    return {key_of(str(values[text])): said for text, said in zip(texts, _GERMAN[str(values["sku"])], strict=True)}
