"""The page of background work: what runs when, how it went, what failed, and whether anybody works at all."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_q.models import Schedule, Task
from django_q.tasks import async_task

from config import heartbeats
from config.schedules import SCHEDULES
from tests.admin.conftest import administrator, clock, eve, manager, signed_in_as  # noqa: F401

pytestmark = pytest.mark.django_db

PAGE = "/admin/background/"


def text_of(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_every_job_is_listed_and_what_is_not_scheduled_is_said(administrator: Client) -> None:  # noqa: F811
    assert text_of(administrator).count("Not scheduled: run manage.py sync_schedules") == len(SCHEDULES)
    call_command("sync_schedules")
    text = text_of(administrator)
    assert "Not scheduled" not in text
    assert [job.name for job in SCHEDULES if job.name not in text] == []


def test_how_a_job_went_and_what_failed_is_told_without_what_went_wrong(administrator: Client) -> None:  # noqa: F811
    call_command("sync_schedules")
    now = timezone.now()
    well, badly, queued = (job.name for job in SCHEDULES[:3])
    failed = Task.objects.create(
        id=f"{2:032}", name=badly, func="jobs.number_2", started=now, stopped=now, success=False, result="secret"
    )
    waits = async_task("config.jobs.beat")
    # A run that went well leaves no row behind.
    for name, task in ((well, f"{1:032}"), (badly, failed.id), (queued, waits)):
        Schedule.objects.filter(name=name).update(task=task)
    text = text_of(administrator)
    assert [text.count(f">{words}<") for words in ("Fine", "Failed", "Waits or runs")] == [1, 1, 1]
    assert text.count(">Not yet run<") == len(SCHEDULES) - 3
    assert "jobs.number_2" in text and "secret" not in text


@pytest.mark.parametrize(("minutes", "is_well"), [(2, True), (12, False)])
def test_silence_is_said_with_what_to_do(administrator: Client, minutes: int, is_well: bool) -> None:  # noqa: F811
    assert "No worker was ever seen" in text_of(administrator)
    heartbeats.show_life(timezone.now() - timedelta(minutes=minutes))
    text = text_of(administrator)
    assert f"A worker was last seen {minutes} minutes ago" in text
    assert ("Nothing runs by itself now." not in text) is is_well


def test_the_auditor_reads_it(eve: Client) -> None:  # noqa: F811
    assert "Not scheduled" in text_of(eve)


def test_it_is_for_who_sees_everything_and_nobody_starts_jobs_by_hand(administrator: Client, manager: Client) -> None:  # noqa: F811
    assert manager.get(PAGE).status_code == 403
    assert administrator.post(PAGE).status_code == 405
    assert not [model for model in admin.site._registry if model._meta.app_label == "django_q"]
