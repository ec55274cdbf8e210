"""Accounts and lots for what was posted before there were any."""

from decimal import Decimal

from django.db import migrations


def open_accounts(apps, schema_editor):
    """One account per customer, kind and unit with the sum of its postings; one lot per grant that was not taken back."""
    Account, Lot, Posting, Entry = (apps.get_model("rewards", name) for name in ("Account", "Lot", "Posting", "Entry"))
    for posting in Posting.objects.filter(customer__isnull=False).select_related("entry").order_by("pk").iterator():
        kind = posting.account.partition(":")[0]
        account, _ = Account.objects.get_or_create(customer_id=posting.customer_id, kind=kind, unit=posting.unit)
        account.balance += posting.amount
        account.save(update_fields=["balance"])
        if posting.entry.kind == "grant":
            entry = posting.entry
            is_gone = Entry.objects.filter(reward_id=entry.reward_id, kind="reversal", round=entry.round).exists()
            left = Decimal(0) if is_gone else posting.amount
            Lot.objects.create(account=account, entry=entry, amount=posting.amount, left=left)


class Migration(migrations.Migration):
    dependencies = [("rewards", "0005_accounts_appeals_and_payouts")]
    operations = [migrations.RunPython(open_accounts, migrations.RunPython.noop)]
