"""What a web server is handed for HEAD: the headers that GET has, and not a byte of the body."""

from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from config.middleware import NoBodyForHeadMiddleware
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import issue_to


def served(method: str, path: str) -> HttpResponse:
    """What our application hands the web server: Django's own test client would drop the body of HEAD by itself."""
    request = RequestFactory(headers={"accept-language": "en"}).generic(method, path)
    answer = WSGIHandler().get_response(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nowhere/", "/r/NOBODY/", "/r/{code}/", "/r/{code}/qr.png", "/admin/login/"])
def test_head_has_the_headers_of_the_page_and_no_body(path: str) -> None:
    code = issue_to(make_customer("Asha Rao"), make_campaign(pool=make_pool(units=3)))
    asked, alone = (served(method, path.format(code=code.code)) for method in ("GET", "HEAD"))
    assert asked.content
    assert (alone.status_code, alone.content) == (asked.status_code, b"")
    assert alone["Content-Type"] == asked["Content-Type"]
    assert int(alone["Content-Length"]) > 0


def test_a_file_is_not_even_read(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("something")
    with kept.open("rb") as file:
        alone = NoBodyForHeadMiddleware(lambda request: FileResponse(file))(RequestFactory().head("/"))
        assert isinstance(alone, FileResponse)
        assert (list(alone), alone["Content-Length"], file.tell()) == ([], "9", 0)
