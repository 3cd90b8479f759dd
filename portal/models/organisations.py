"""Organisations: one authority file for donors, partners, publishers and participants."""

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.languages import columns, translated
from portal.models.audit import AuditEntry
from portal.models.pages import KeepsAddress, Redirect
from portal.models.places import Country
from portal.rows import Period, Row, SlugField, make_slug

if TYPE_CHECKING:
    from portal.editorial import Reader


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> Self:
        """Established ones, and those that a record which this reader may see already names."""
        from portal import kinds

        named = Q(is_established=True)
        for kind in kinds.all():
            for path in kind.paths_to(self.model):
                seen = kind.visible_to(user).filter(**{f"{path}__isnull": False}).order_by()
                named |= Q(pk__in=seen.values(path))
        return self.filter(named, merged_into__isnull=True)

    def by_name(self) -> Self:
        return self.order_by(translated("name", lower=True), "pk")

    def called(self, text: str) -> Self:
        """Those with this name, acronym or alias, whatever the case."""
        names = Q(acronym__iexact=text) | Q(other_names__name__iexact=text)
        for column in columns("name"):
            names |= Q(**{f"{column}__iexact": text})
        return self.filter(names).distinct()


class Organisation(KeepsAddress):
    class Type(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        EU = "eu", _("European Union institution")
        UN = "un", _("United Nations")
        MULTILATERAL = "multilateral", _("Multilateral organisation")
        NGO = "ngo", _("Non-governmental organisation")
        ACADEMIC = "academic", _("Academic institution")
        PRIVATE = "private", _("Private company")
        OTHER = "other", _("Other")

    slug = SlugField(_("address"), blank=True, help_text=_("Left empty, it is made from the acronym or the name."))
    name = models.CharField(_("name"), max_length=255)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    type = models.CharField(_("type"), max_length=20, choices=Type.choices, default=Type.OTHER)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        verbose_name=_("country"),
        null=True,
        blank=True,
        related_name="organisations",
    )
    website = models.URLField(_("website"), blank=True)
    iati_identifier = models.CharField(
        _("IATI organisation identifier"),
        max_length=80,
        blank=True,
        help_text=_("For instance XM-DAC-3-1. Never guessed."),
    )
    ror = models.CharField(
        _("ROR identifier"),
        max_length=40,
        blank=True,
        validators=[
            RegexValidator(r"^https://ror\.org/0[a-z0-9]{6}\d\d\Z", _("It looks like https://ror.org/01abcde23."))
        ],
    )
    is_established = models.BooleanField(
        _("established"),
        default=False,
        help_text=_(
            "Checked against its own documents. An organisation that is not established has no public page "
            "until a published record names it."
        ),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("Only seen here in the admin."))

    objects = OrganisationQuerySet.as_manager()

    own_rows = ("other_names",)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]
        permissions = [("merge_organisation", "Can merge organisations")]
        constraints = [
            models.UniqueConstraint(
                fields=["iati_identifier"],
                condition=~Q(iati_identifier=""),
                name="portal_organisation_iati_once",
                violation_error_message=_("Another organisation has this IATI identifier."),
            ),
            models.UniqueConstraint(
                fields=["ror"],
                condition=~Q(ror=""),
                name="portal_organisation_ror_once",
                violation_error_message=_("Another organisation has this ROR identifier."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._ensure_slug()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.slug])

    def put_on_show(self, by: Any) -> str:
        if self.merged_into_id:
            raise ValidationError(_("It was merged into another organisation and has no page of its own."))
        type(self)._base_manager.filter(pk=self.pk).update(is_established=True)
        return super().put_on_show(by)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._ensure_slug()
        super().full_clean(*args, **kwargs)

    def _ensure_slug(self) -> None:
        if not self.slug:
            self.slug = make_slug(self.acronym, self.name, taken=type(self).objects.exclude(pk=self.pk))

    def where_used(self) -> dict[str, int]:
        """How many rows point here, by what they are called; only relations that are in use."""
        counts: dict[str, int] = {}
        for relation in self._relations():
            if count := relation.related_model._base_manager.filter(**{relation.field.name: self}).count():
                label = str(relation.related_model._meta.verbose_name_plural)
                counts[label] = counts.get(label, 0) + count
        return counts

    def _relations(self) -> list[Any]:
        """Those whose rows name this organisation; of a relation through a model of its own, that model's rows."""
        own = (OrganisationName, Organisation)
        return [
            relation
            for relation in self._meta.related_objects
            if relation.related_model not in own
            and not (relation.many_to_many and not relation.through._meta.auto_created)  # type: ignore[attr-defined]
        ]

    def merge_into(self, target: "Organisation", by: Any) -> None:
        """Point every row that names this organisation at `target`, keep this name as an alias, and redirect.

        All or nothing, and each record it changes keeps what it said before. Raises PermissionDenied, or
        ValidationError where both already stand in one record.
        """
        from portal.versions import history  # which knows the models

        if not by.has_perm("portal.merge_organisation"):
            raise PermissionDenied(f"{by} may not merge organisations")
        with transaction.atomic():
            for organisation in sorted((self, target), key=lambda one: one.pk):
                history.lock(organisation)
                organisation.refresh_from_db()
            if target == self or self.merged_into_id or target.merged_into_id:
                raise ValidationError(_("Choose another organisation that has not been merged itself."))
            # In one order, which is that of the forms as well: a record before what hangs on it.
            users = {_record_of(row) for _relation, row in self._uses()}
            moved = [history.lock(one) for one in sorted(users, key=lambda one: (one._meta.label, str(one.pk)))]
            for record in (self, target, *moved):
                history.as_found(record)
            self._move_uses(target, moved)
            note = f"{self} → {target}"
            for record in moved:
                if hasattr(record, "changed_at"):
                    record.save(update_fields=["changed_at"])
                status = getattr(record, "status", "")
                AuditEntry.record(record, "change", by, note=note, before=status, after=status)
                history.keep(record, "merge", by, note)
            for name in {self.name, self.acronym} - {"", target.name, target.acronym}:
                target.other_names.get_or_create(name=name, defaults={"kind": OrganisationName.Kind.ALIAS})
            for other in self.other_names.all():
                target.other_names.get_or_create(
                    name=other.name, defaults={"kind": other.kind, "start": other.start, "end": other.end}
                )
            self._hand_over(target)
            old = self.get_absolute_url()
            self.merged_into = target
            self.save()
            Redirect.move(old, target.get_absolute_url())
            AuditEntry.record(self, "merge", by, note=f"into {target}")
            for organisation in (self, target):
                history.keep(organisation, "merge", by, note)

    def _uses(self) -> list[tuple[Any, Any]]:
        """Each row that names it, with the relation by which it does. What is frozen goes on naming what it named."""
        return [
            (relation, row)
            for relation in self._relations()
            for row in relation.related_model._base_manager.filter(**{relation.field.name: self})
            if not getattr(row, "is_frozen", False)
        ]

    def _move_uses(self, target: "Organisation", locked: list[models.Model]) -> None:
        for relation, row in self._uses():
            if _record_of(row) not in locked:
                raise ValidationError(_("Somebody has just begun to use it. Try again."))
            if relation.many_to_many:
                links = getattr(row, relation.field.name)
                links.remove(self)
                links.add(target)
            else:
                setattr(row, relation.field.name, target)
                row.validate_constraints()
                row.save()

    def _hand_over(self, target: "Organisation") -> None:
        """Give the survivor what it lacks. Identifiers are unique, so they are taken away here first."""
        lacking = ("country", "website", "iati_identifier", "ror")
        given = {name: getattr(self, name) for name in lacking if getattr(self, name) and not getattr(target, name)}
        for name in given.keys() & {"iati_identifier", "ror"}:
            setattr(self, name, "")
        self.save()
        if self.is_established:
            given["is_established"] = True
        for name, value in given.items():
            setattr(target, name, value)
        target.save()


def _record_of(row: models.Model) -> models.Model:
    """The record of a kind that a row is part of; the row itself where it stands alone."""
    from portal.editorial import EditorialModel

    for field in row._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and not field.null and issubclass(field.related_model, EditorialModel):
            record: models.Model = getattr(row, field.name)
            return record
    return row


class OrganisationName(Row, Period):
    """Another name under which the organisation is found."""

    class Kind(models.TextChoices):
        ALIAS = "alias", _("Alias")
        FORMER = "former", _("Former name")
        ACRONYM = "acronym", _("Acronym")
        MISPRINT = "misprint", _("Misprint in a source")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.ALIAS)

    class Meta(Period.Meta):
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["name"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(fields=["organisation", "name"], name="portal_organisationname_once"),
        ]

    def __str__(self) -> str:
        return self.name
