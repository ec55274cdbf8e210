import pytest

from customers.import_maps import FIELDS, SHIPPED
from customers.models import Attribute, Customer
from desk.csv_files import FileRefused
from desk.csv_maps import MapRefused
from tests.customers.test_importing import BANK_HEADINGS, bank_line

pytestmark = pytest.mark.django_db

COLUMNS = '[columns]\nexternal_id = "Id"\nname = "Who"\nemail = "Mail"\n'
FILE = "Id,Who,Mail,Land,Extra\n1,Asha,asha@example.org,Germany,x\n"


def refusal_of(import_text, path, text=FILE):
    with pytest.raises(MapRefused) as refusal:
        import_text(text, mapping=path)
    assert not Customer.objects.exists()
    return refusal.value.sentence


def test_foreign_headings_and_words_become_ours(import_text, write_map):
    text = COLUMNS + 'country = "land"\n[values.country]\n"Germany" = "DE"\n[fixed]\nlanguage = "de"\nmembership = "active"\n'
    report = import_text(FILE, mapping=write_map(text))
    asha = Customer.objects.get()
    assert (asha.external_id, asha.country, asha.language, asha.membership, asha.origin) == ("1", "DE", "de", "active", "import")
    assert report.ignored == ["Extra"]


def test_a_word_the_map_does_not_know_is_judged_by_the_usual_rule(import_text, write_map):
    text = COLUMNS + 'country = "Land"\n[values.country]\n"Deutschland" = "DE"\n'
    assert "two-letter country code" in import_text(FILE, mapping=write_map(text)).problems[0]
    assert import_text(FILE, mapping=write_map(text + '"*" = "DE"\n')).created == 1


def test_several_headings_are_joined(import_text, write_map):
    text = COLUMNS.replace('"Who"', '["Who", "Land"]')
    import_text(FILE, mapping=write_map(text))
    assert Customer.objects.get().name == "Asha Germany"


def test_an_empty_cell_is_not_every_other_word(import_text, write_map):
    text = COLUMNS + 'membership = "Extra"\n[values.membership]\n"*" = "active"\n'
    import_text(FILE, mapping=write_map(text))
    assert import_text(FILE.replace(",x\n", ",\n"), mapping=write_map(text.replace("active", "lapsed"))).unchanged == 1
    assert Customer.objects.get().membership == "active"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[columns", "is not TOML"),
        ('[colums]\nname = "x"\n', "[colums] is no section of a map. Sections are: columns, values, fixed, dates, attributes"),
        (COLUMNS + 'gender = "Sex"\n', "columns.gender: there is no such field. Fields are: external_id, name, email"),
        ('[columns]\nname = "Who"\nemail = "Mail"\n', "columns.external_id: this field is needed"),
        (COLUMNS + "city = 3\n", "columns.city: give the heading in quotation marks"),
        (COLUMNS + "city = []\n", "columns.city"),
        (COLUMNS + '[fixed]\nname = "x"\n', "fixed.name: this field is under [columns] too"),
        (COLUMNS + "[fixed]\ncity = [1]\n", "fixed.city: give a text"),
        (COLUMNS + '[values.city]\na = "b"\n', "values.city: this field is not under [columns]"),
        (COLUMNS + '[values]\nname = "b"\n', "values.name: this must be a section"),
        (COLUMNS + "[values.name]\na = 1.5\n", "values.name.a: give a text"),
        ("columns = 3\n", "columns: this must be a section"),
        (COLUMNS + 'attribute.size = "Extra"\n', "attribute.size: no such attribute is declared"),
        (
            COLUMNS + '[attributes.size]\ntype = "colour"\n',
            "attributes.size: The attribute “size” needs a type: one of text, number",
        ),
        (COLUMNS + "[attributes.size]\nkind = 3\n", "attributes.size.kind: there is no such key. Keys are: label, type"),
        (COLUMNS + "[attributes]\nsize = 3\n", "attributes.size: this must be a section"),
        (COLUMNS + "[attributes.size]\nis_sensitive = 3\n", "attributes.size.is_sensitive: give a true or false"),
    ],
)
def test_a_faulty_map_is_refused_with_the_key_and_what_is_allowed(import_text, write_map, text, told):
    assert told in refusal_of(import_text, write_map(text))


def test_all_faults_of_a_map_are_told_at_once(import_text, write_map):
    sentence = refusal_of(import_text, write_map(COLUMNS + 'gender = "Sex"\n[fixed]\nname = "x"\nnoun = "y"\n'))
    assert all(key in sentence for key in ("columns.gender", "fixed.name", "fixed.noun"))


def test_a_map_that_is_not_there_or_no_text_is_refused(import_text, tmp_path):
    assert "cannot be opened" in refusal_of(import_text, tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"# \xff")
    assert "not UTF-8" in refusal_of(import_text, tmp_path / "bad.toml")


def test_a_mapped_heading_the_file_lacks_is_named(import_text, write_map):
    with pytest.raises(FileRefused, match="no column “Ort”"):
        import_text(FILE, mapping=write_map(COLUMNS + 'city = "Ort"\n'))


def test_a_map_declares_the_attributes_it_needs_once(import_text, write_map):
    path = write_map(
        COLUMNS + 'attribute.extra = "Extra"\n[values.attribute.extra]\nx = "xl"\n[attributes.extra]\nlabel = "Extra"\n'
    )
    assert import_text(FILE, mapping=path, is_dry_run=True).created == 1
    assert not Attribute.objects.exists()
    import_text(FILE, mapping=path)
    assert import_text(FILE, mapping=path).unchanged == 1
    assert Customer.objects.get().attributes == {"extra": "xl"}
    assert Attribute.objects.get().label == "Extra"


def test_a_map_cannot_change_the_type_of_an_attribute(import_text, write_map):
    Attribute.objects.create(name="extra", label="Extra", type="number")
    path = write_map(COLUMNS + 'attribute.extra = "Extra"\n[attributes.extra]\ntype = "text"\n')
    assert "attributes.extra.type" in refusal_of(import_text, path)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_map_can_be_read(import_text, path):
    with pytest.raises(FileRefused, match="column_missing"):
        import_text("nothing\n", mapping=path)


def test_the_bank_map_takes_a_banks_export(import_text):
    report = import_text("\n".join([BANK_HEADINGS, bank_line(1), bank_line(2, land="Spain", exited=1)]), mapping="bank")
    first, second = Customer.objects.order_by("external_id")
    assert (report.created, report.rejected, report.ignored) == (2, 0, ["Gender", "Balance", "EstimatedSalary"])
    assert (first.country, first.membership, first.birth_year, first.language) == ("DE", "active", 1984, "en")
    assert (second.country, second.membership) == ("ES", "lapsed")
    assert first.attributes == {"has_card": True, "products": 2, "uses_account": False}
    score = first.credit_scores.get()
    assert (score.score, score.source) == (619, "own account history")


def test_no_field_is_called_gender():
    assert not {"gender", "sex"} & set(FIELDS)
