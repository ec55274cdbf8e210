"""Invented people and the colleagues who look after them."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from audit.actors import Actor
from customers.states import Membership

_FIRST = [
    "Ada",
    "Adem",
    "Aisha",
    "Alba",
    "Amara",
    "Amir",
    "Ana",
    "Anton",
    "Asha",
    "Ben",
    "Bea",
    "Boris",
    "Camille",
    "Carla",
    "Cem",
    "Chloe",
    "Clara",
    "Daan",
    "David",
    "Dora",
    "Elena",
    "Elif",
    "Emil",
    "Emma",
    "Eva",
    "Farid",
    "Finn",
    "Freya",
    "Gina",
    "Hana",
    "Hugo",
    "Ida",
    "Ines",
    "Ivo",
    "Jan",
    "Jana",
    "Jonas",
    "Jule",
    "Kaan",
    "Karim",
    "Klara",
    "Lars",
    "Lea",
    "Lena",
    "Leo",
    "Lina",
    "Luca",
    "Maja",
    "Malik",
    "Mara",
    "Marco",
    "Marta",
    "Mateo",
    "Mei",
    "Mia",
    "Mila",
    "Mina",
    "Nadia",
    "Nils",
    "Nora",
    "Omar",
    "Oskar",
    "Paula",
    "Pavel",
    "Petra",
    "Rafael",
    "Rania",
    "Rosa",
    "Samir",
    "Sara",
    "Selin",
    "Silas",
    "Sofia",
    "Tariq",
    "Tessa",
    "Theo",
    "Tilda",
    "Uma",
    "Vera",
    "Viktor",
    "Wanda",
    "Yara",
    "Yusuf",
    "Zeynep",
    "Zoe",
]
_LAST = [
    "Adeyemi",
    "Albers",
    "Almeida",
    "Arslan",
    "Bauer",
    "Becker",
    "Bianchi",
    "Blanc",
    "Brandt",
    "Castro",
    "Costa",
    "Demir",
    "Diaz",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Fontaine",
    "Fox",
    "Garcia",
    "Gupta",
    "Haas",
    "Hansen",
    "Hartmann",
    "Ito",
    "Jensen",
    "Kaya",
    "Keller",
    "Klein",
    "Kowalski",
    "Krause",
    "Lang",
    "Laurent",
    "Lehmann",
    "Lind",
    "Lopez",
    "Marin",
    "Martin",
    "Mendes",
    "Meyer",
    "Moreau",
    "Navarro",
    "Neumann",
    "Novak",
    "Okafor",
    "Okoro",
    "Ortiz",
    "Park",
    "Petit",
    "Pohl",
    "Rao",
    "Reyes",
    "Ricci",
    "Romero",
    "Rossi",
    "Roux",
    "Ruiz",
    "Sato",
    "Schmitt",
    "Schulz",
    "Silva",
    "Sommer",
    "Sousa",
    "Suzuki",
    "Torres",
    "Vargas",
    "Vogel",
    "Wagner",
    "Weber",
    "Winter",
    "Wolf",
    "Yilmaz",
    "Young",
    "Ziegler",
]
_PLACES = [
    ("DE", "Berlin", "10115", "de", 40),
    ("DE", "Hamburg", "20095", "de", 25),
    ("FR", "Paris", "75011", "en", 20),
    ("ES", "Madrid", "28004", "en", 15),
]


def names(chance: random.Random) -> Iterator[str]:
    """Full names, each given once."""
    pairs = [f"{first} {last}" for first in _FIRST for last in _LAST]
    chance.shuffle(pairs)
    yield from pairs


def customer_lines(chance: random.Random, given: Iterator[str], *, count: int, at: datetime) -> list[dict[str, str]]:
    """Lines of a CRM export with `count` invented customers as they stood at `at`."""
    return [_line(chance, next(given), number, at) for number in range(1, count + 1)]


def _line(chance: random.Random, name: str, number: int, at: datetime) -> dict[str, str]:
    country, city, postcode, language, _ = chance.choices(_PLACES, weights=[place[-1] for place in _PLACES])[0]
    membership = chance.choices([Membership.ACTIVE, Membership.LAPSED, Membership.CLOSED], weights=[86, 11, 3])[0]
    since = at - timedelta(days=int(chance.triangular(20, 3000, 500)))
    return {
        "external_id": f"D{number:05}",
        "name": name,
        "email": address_of(name),
        "country": country,
        "city": city,
        "postcode": postcode,
        "language": language,
        "birth_year": str(chance.randint(1950, 2006)),
        "membership": membership.value,
        "member_since": since.date().isoformat(),
    }


def address_of(name: str) -> str:
    """An address of the reserved domain example.com (RFC 2606): mail to it goes nowhere."""
    return f"{name.lower().replace(' ', '.')}@example.com"


COLLEAGUES = [
    ("mina", "Mina", "Marketing manager"),
    ("carl", "Carl", "Campaign editor"),
    ("ada", "Ada", "Approver"),
    ("olga", "Olga", "Accounts"),
    ("hana", "Hana", "Handover desk"),
    ("eve", "Eve", "Auditor"),
    ("admin", "Alex", "Administrator"),
]
"""User name, first name, role."""


def colleague(username: str) -> Actor:
    """One of them at work, also in the days before the accounts are made; may do everything, as the story has it."""
    return Actor(name=f"staff:{username}", trusted=True)
