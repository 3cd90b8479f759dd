"""What the tests of history share: addresses of its pages, and the acts of people in the admin."""

from django.urls import reverse

from portal.versions import history


def url(record, page, *args):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk, *args])


def keep(record, by=None, **fields):
    """Write something and keep it as a version."""
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()
    return history.keep(record, "change", by)


def restore(client, record, number, reason=""):
    """As somebody who has looked at the page and pressed the button."""
    page = client.get(url(record, "restore", number))
    assert page.status_code == 200, page.status_code
    return client.post(url(record, "restore", number), {"seen": page.context["seen"], "reason": reason})


def delete(client, record):
    return client.post(url(record, "delete"), {"post": "yes"})


def undelete_url(record, key=None):
    return reverse("admin:undelete", args=[record._meta.label_lower, key or record.pk])
