# ruff: noqa: F401, F811 (fixtures are imported and used by name)
"""The handover desk says no: what is missing or wrong, and who may not."""

from pathlib import Path

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from customers.models import Acceptance
from equipment import progress
from equipment.models import Loan
from tests.admin.conftest import approver, clock, desk, eve, manager, signed_in_as
from tests.equipment.handover_steps import BULK, DESK, check_out, folder, loan, loans, page, prepare, step, words
from tests.equipment.pictures import picture, upload


def test_what_is_missing_is_said_at_its_field_and_nobody_has_accepted_anything(desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    answer = check_out(desk, loan, checklist=["Battery charged"], note="Scratch <i>")
    assert answer.status_code == 422
    assert "Still to be ticked: Strap attached." in words(answer)
    assert "Scratch &lt;i&gt;" in answer.content.decode() and "Photos have to be chosen again." not in words(answer)
    answer = check_out(desk, loan, checklist=["Battery charged"], photos=[upload(picture())])
    assert answer.status_code == 422 and "Photos have to be chosen again." in words(answer)
    assert check_out(desk, loan, typed_name="  ").status_code == 422
    assert loan.state == "ready" and not Acceptance.objects.filter(about=loan.reference).exists()


def test_a_wrong_file_is_named_and_nothing_is_kept(desk: Client, loan: Loan, folder: Path) -> None:
    prepare(desk, loan)
    answer = check_out(desk, loan, photos=[upload(picture()), upload(b"GIF89a", "dance.gif")])
    assert answer.status_code == 422
    assert "dance.gif: This file is no photo that can be read." in words(answer)
    answer = check_out(desk, loan, photos=[upload(picture(), f"{n}.jpg") for n in range(7)])
    assert "These are 7 photos; up to 6 are possible." in words(answer)
    assert list(folder.rglob("*.jpg")) == [] and loan.state == "ready"


def test_a_photo_is_seen_by_those_who_may_and_only_as_a_photo(desk: Client, approver: Client, client: Client, loan: Loan) -> None:
    prepare(desk, loan)
    check_out(desk, loan, photos=[upload(picture())])
    url = reverse("admin:handover_photo", args=[loan.photos.get().name])
    answer = desk.get(url)
    assert answer["Content-Type"] == "image/jpeg" and answer.content.startswith(b"\xff\xd8")
    assert answer["Content-Disposition"].startswith('inline; filename="photo-')
    assert answer["X-Content-Type-Options"] == "nosniff" and "private" in answer["Cache-Control"]
    assert client.get(url).status_code == 302
    assert desk.get(reverse("admin:handover_photo", args=["0" * 32])).status_code == 404
    assert desk.get("/admin/handover/photos/..%2f..%2fsecret-key/").status_code == 404
    assert approver.get(url).status_code == 200, "who sees loans sees their photos"
    User.objects.get(username="approver").groups.clear()
    assert approver.get(url).status_code == 403


def test_photos_lie_below_no_public_address(desk: Client, client: Client, loan: Loan, folder: Path) -> None:
    prepare(desk, loan)
    check_out(desk, loan, photos=[upload(picture())])
    (file,) = folder.rglob("*.jpg")
    for base in ("/media/", "/static/", "/"):
        assert client.get(f"{base}condition/{file.parent.name}/{file.name}").status_code == 404


STEPS = ["prepare", "check-out", "check-in", "inspect", "extend", "undo-check-in", "unprepare", "report-lost", "report-problem", "no-show",
         "decline", "cancel", "settle", "report-found"]  # fmt: skip


def test_the_auditor_and_the_approver_change_nothing_here(eve: Client, approver: Client, manager: Client, loan: Loan) -> None:
    for who in (eve, approver, manager):
        for name in STEPS:
            assert who.post(page(loan), {"step": name, "seen": progress.stamp(loan)}).status_code == 403, name
        assert who.get(BULK).status_code == 403
        assert who.post(BULK, {"codes": loan.reference}).status_code == 403
        assert who.post(BULK, {"step": "confirm", "loan": loan.reference}).status_code == 403
    for who in (approver, manager):
        for url in (DESK, page(loan)):
            assert who.get(url).status_code == 403, url
        assert "Handover" not in who.get("/admin/").content.decode().split("</nav>")[0]


def test_the_auditor_reads_a_loan_as_it_stands_and_is_not_sent_to_anybody(eve: Client, desk: Client, loan: Loan) -> None:
    prepare(desk, loan)
    check_out(desk, loan)
    shown = eve.get(page(loan))
    text = words(shown)
    for said in ("You read here. Handing out and taking back takes the role Handover desk.", str(loan.borrower), "At the check-out",
                 "Take unit", "Print the handover receipt"):  # fmt: skip
        assert said in text, said
    assert "You may not do this" not in text and 'method="post"' not in shown.content.decode().split('id="content-main"')[1]
    assert "autofocus" not in shown.content.decode(), "the page is read from its top"
    assert eve.get(DESK, {"code": loan.reference})["Location"] == page(loan)
    assert "Check in several" in words(desk.get(DESK)) and "Check in several" not in words(eve.get(DESK))


def test_each_step_asks_for_its_own_permission(desk: Client, loan: Loan) -> None:
    user = desk.get(DESK).wsgi_request.user
    group = user.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="prepare_loan"))
    assert desk.post(page(loan), {"step": "prepare", "seen": progress.stamp(loan)}).status_code == 403
    assert "ask somebody at the desk who may" in words(desk.get(page(loan)))


def test_nothing_is_there_for_a_stranger_or_under_a_wrong_name(desk: Client, client: Client, loan: Loan) -> None:
    for url in (DESK, BULK, page(loan)):
        assert client.get(url)["Location"].startswith("/admin/login/")
        assert client.post(url).status_code == 302
    assert desk.get("/admin/handover/loan_0000000000000000/").status_code == 404
    assert desk.post(page(loan), {"step": "nonsense", "seen": progress.stamp(loan)}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies
    assert strict.post(page(loan), {"step": "cancel"}).status_code == 403
