"""Plain pages that editors write, and addresses that have moved."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.models.previews import PreviewLink
from portal.prose import ProseField
from portal.rows import SlugField


def is_public(record: Any) -> bool:
    """Whether visitors see it now, by what the database holds. What has no such step is seen with what shows it, or
    else once it is saved.
    """
    found = type(record)._default_manager.filter(pk=record.pk)
    if hasattr(found, "visible_to"):
        return bool(found.visible_to(AnonymousUser()).exists())
    if hasattr(record, "shown_with"):
        return any(is_public(page) for page in record.shown_with)
    return bool(getattr(record, "is_public", True))


def _end_previews(record: models.Model | None) -> None:
    """Links to what was not public yet have had their time once it is, and do not come to life again."""
    if record is None:
        return
    shared = PreviewLink.objects.open().about(record).filter(draft=None)
    if shared.exists() and is_public(record):
        shared.update(ended_at=timezone.now())


class KeepsAddress(models.Model):
    """A record whose old addresses go on working: they lead to the new one, and all below them too."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        stored = type(self)._default_manager.filter(pk=self.pk).first() if self.pk else None
        with override(settings.LANGUAGE_CODE):  # addresses without a language prefix
            old = stored.get_absolute_url() if stored else ""
            new = self.get_absolute_url() if stored else ""
        was_seen = stored is not None and old != new and stored.was_seen()
        with transaction.atomic():
            _end_previews(stored)
            super().save(*args, **kwargs)
            _end_previews(self if stored else None)
            if was_seen and self.was_seen():
                Redirect.move(old, new)

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    def was_seen(self) -> bool:
        """Whether visitors may know where it stands: a redirect from or to anything else would tell of it."""
        return is_public(self)

    def put_on_show(self, by: Any) -> str:
        """The address of the page that shows it, after all that keeps it from visitors was cleared away. Called in a
        transaction that is never kept; see portal/versions/preview.py. Whatever has this has a preview. What stands
        on the pages of other records names them, `shown_with`, first the one whose page this is.
        """
        return self.get_absolute_url()


class Page(KeepsAddress):
    """A page under /about/. Not django.contrib.flatpages: its tables cannot take translated columns."""

    class Menu(models.TextChoices):
        NONE = "", _("In no menu")
        ABOUT = "about", _("At the foot, under About")
        LEGAL = "legal", _("At the foot, in the last line")

    slug = SlugField(_("address"), blank=True, help_text=_("Left empty for the page at /about/ itself."))
    title = models.CharField(_("title"), max_length=200)
    text = ProseField(_("text"))
    menu = models.CharField(_("menu"), max_length=10, choices=Menu.choices, default=Menu.ABOUT, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_public = models.BooleanField(_("public"), default=False)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        permissions = [("publish_page", "Can make pages public")]
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug]) if self.slug else reverse("about")

    def put_on_show(self, by: Any) -> str:
        type(self)._base_manager.filter(pk=self.pk).update(is_public=True)
        return super().put_on_show(by)


local_path = RegexValidator(
    r"^/(?!/)[^\s?#\\]*\Z",
    _("Write a path on this site that starts with one slash, without language, ? or #."),
)


class Redirect(models.Model):
    """An address that has moved: answered with 301, in every language."""

    old_path = models.CharField(_("old address"), max_length=300, unique=True, validators=[local_path])
    new_path = models.CharField(_("new address"), max_length=300, validators=[local_path])
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(old_path=models.F("new_path")), name="portal_redirect_goes_elsewhere"
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path}"

    def clean(self) -> None:
        if self.old_path and self.old_path == self.new_path:
            raise ValidationError({"new_path": _("It would lead to itself.")})
        if type(self).objects.filter(old_path=self.new_path).exclude(pk=self.pk).exists():
            raise ValidationError({"new_path": _("That address has moved itself: write where it leads now.")})

    @classmethod
    def move(cls, old: str, new: str) -> Self:
        """Let `old` lead to `new`, and whatever led to `old` as well; nothing stands in the way of `new`."""
        cls.objects.filter(old_path=new).delete()
        cls.objects.filter(new_path=old).update(new_path=new)
        return cls.objects.update_or_create(old_path=old, defaults={"new_path": new})[0]

    @classmethod
    def target_of(cls, path: str) -> str | None:
        """Where an address leads now: its own redirect, or that of the nearest folder above it."""
        folders = [path[: n + 1] for n, sign in enumerate(path) if sign == "/" and n][:20]
        found = dict(cls.objects.filter(old_path__in={path, *folders}).values_list("old_path", "new_path"))
        if not found:
            return None
        nearest = max(found, key=len)
        return found[nearest] + path.removeprefix(nearest)
