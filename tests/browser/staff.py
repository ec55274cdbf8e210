"""Staff who are signed in already: a session made on the server and put into the window, without the form."""

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page

from config import roles


def member_of_staff(role: str) -> User:
    """Somebody in this role, named after it."""
    roles.sync()
    user, _ = User.objects.get_or_create(username=role.split()[-1].lower(), is_staff=True, first_name=role.split()[-1])
    user.groups.set([Group.objects.get(name=role)])
    return user


def sign_in(page: Page, role: str, *, base_url: str) -> None:
    """Put a session of somebody in this role into the page's window."""
    client = Client()
    client.force_login(member_of_staff(role))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])
