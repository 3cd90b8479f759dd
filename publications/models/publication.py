"""A publication: what it is, who wrote it, what it is about and who may read it."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dialogues.models import Activity, Dialogue, Domain, Instrument, Meeting
from portal.dates import PartialDateField
from portal.editorial import EditorialModel, EditorialQuerySet, Reader, Status
from portal.languages import language_code
from portal.models import Country, CountryGroup, Organisation, Region, Theme
from portal.rows import OrderedRow, Row, SlugField, check_chain
from projects.models import Project
from publications.identifiers import check_identifier


class PublicationType(models.Model):
    """Annual report, policy brief, study: an editable list."""

    slug = SlugField(_("short name"))
    name = models.CharField(_("name"), max_length=80)
    csl_type = models.CharField(
        _("CSL type"),
        max_length=30,
        default="report",
        help_text=_("The type of CSL 1.0.2 that citations use."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("publication type")
        verbose_name_plural = _("publication types")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class SeriesQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those that a publication names which this reader may see."""
        return self.filter(pk__in=Publication.objects.visible_to(user).order_by().values("series"))


class Series(models.Model):
    slug = SlugField(_("short name"))
    title = models.CharField(_("title"), max_length=200)
    issn = models.CharField(_("ISSN"), max_length=9, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.issn:
            self.issn = check_identifier("issn", self.issn, field="issn")


class PublicationQuerySet(EditorialQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """On top of the editorial rule: staff-only and embargoed items are for staff."""
        seen = super().visible_to(user)
        if self._may_see_drafts(user) or (user.is_authenticated and user.has_perm("publications.view_staff_only")):
            return seen
        return seen.filter(
            Q(embargo_until__isnull=True) | Q(embargo_until__lte=timezone.now()),
            audience=Publication.Audience.PUBLIC,
        )

    def turning_between(self, start: datetime.datetime, end: datetime.datetime) -> Self:
        lifted = self.filter(embargo_until__range=(start, end), status=Status.PUBLISHED)
        return super().turning_between(start, end) | lifted


class Publication(EditorialModel):
    """A document that the organisation or one of its projects has published or will publish."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        STAFF = "staff", _("Staff only")

    title = models.CharField(_("title"), max_length=400)
    subtitle = models.CharField(_("subtitle"), max_length=300, blank=True)
    title_is_descriptive = models.BooleanField(
        _("descriptive title"),
        default=False,
        help_text=_("Ticked where the source names no title and this one describes it."),
    )
    type = models.ForeignKey(PublicationType, models.PROTECT, verbose_name=_("type"), related_name="publications")
    date = PartialDateField(_("date"), help_text=_("As exactly as it is known: 2021, June 2021 or 5 June 2021."))
    date_note = models.CharField(_("about the date"), max_length=160, blank=True)
    is_forthcoming = models.BooleanField(_("forthcoming"), default=False)
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        default="en",
        validators=[language_code],
        help_text=_("Of the original, as a code: en, fr, ar, ru."),
    )
    abstract = models.TextField(_("abstract"), blank=True, help_text=_("Two to six sentences."))

    series = models.ForeignKey(
        Series, models.PROTECT, verbose_name=_("series"), null=True, blank=True, related_name="publications"
    )
    series_number = models.CharField(_("number in the series"), max_length=30, blank=True)
    publisher = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("publisher"),
        null=True,
        blank=True,
        related_name="published",
    )
    place = models.CharField(_("place of publication"), max_length=120, blank=True)
    edition = models.CharField(_("edition"), max_length=60, blank=True)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("replaces"), null=True, blank=True, related_name="replaced_by"
    )
    translation_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name=_("translation of"),
        null=True,
        blank=True,
        related_name="translations",
    )
    licence = models.CharField(
        _("licence"),
        max_length=80,
        blank=True,
        help_text=_("SPDX identifier, for instance CC-BY-4.0; empty: all rights reserved."),
    )

    countries = models.ManyToManyField(Country, verbose_name=_("countries"), blank=True, related_name="publications")
    country_groups = models.ManyToManyField(
        CountryGroup, verbose_name=_("groups of states"), blank=True, related_name="publications"
    )
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), blank=True, related_name="publications")
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="publications")
    projects = models.ManyToManyField(Project, verbose_name=_("projects"), blank=True, related_name="publications")
    dialogues = models.ManyToManyField(Dialogue, verbose_name=_("dialogues"), blank=True, related_name="publications")
    meeting = models.ForeignKey(
        Meeting,
        models.SET_NULL,
        verbose_name=_("document of the meeting"),
        null=True,
        blank=True,
        related_name="publications",
    )
    instrument = models.ForeignKey(
        Instrument,
        models.SET_NULL,
        verbose_name=_("text of the instrument"),
        null=True,
        blank=True,
        related_name="publications",
    )
    domains = models.ManyToManyField(Domain, verbose_name=_("domains"), blank=True, related_name="publications")
    activities = models.ManyToManyField(Activity, verbose_name=_("activities"), blank=True, related_name="publications")

    audience = models.CharField(_("audience"), max_length=6, choices=Audience.choices, default=Audience.PUBLIC)
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("Until then only staff see it, even when it is published."),
    )

    objects = PublicationQuerySet.as_manager()  # type: ignore[misc]

    own_rows = ("contributors", "files", "identifiers")

    class Meta(EditorialModel.Meta):
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        permissions = [
            ("publish_publication", "Can publish, send back and withdraw publications"),
            ("view_staff_only", "Can read staff-only and embargoed publications"),
        ]
        constraints = [
            *EditorialModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(audience__in=["public", "staff"]), name="publications_publication_audience_known"
            ),
            models.CheckConstraint(
                condition=(Q(replaces__isnull=True) | ~Q(replaces=F("id")))
                & (Q(translation_of__isnull=True) | ~Q(translation_of=F("id"))),
                name="publications_publication_refers_to_others",
                violation_error_message=_("A publication cannot replace or translate itself."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        for name in ("replaces", "translation_of"):
            check_chain(self, name, _("A publication cannot replace or translate itself, directly or in a circle."))

    @property
    def slug_candidates(self) -> tuple[str, ...]:
        return (self.title,)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Notes when a live record that was held back has become visible to everybody."""
        now = timezone.now()
        if self.is_public and (self.first_published_at is None or self.first_published_at > now):
            self.first_published_at = now
        super().save(*args, **kwargs)

    def first_public(self, at: datetime.datetime) -> datetime.datetime | None:
        """Not while it is for staff only or under embargo: what nobody saw answers 404 later, not 410."""
        if self.audience == self.Audience.STAFF:
            return self.first_published_at
        return super().first_public(max(at, self.embargo_until or at))

    @property
    def is_held_back(self) -> bool:
        embargoed = self.embargo_until is not None and self.embargo_until > timezone.now()
        return embargoed or self.audience == self.Audience.STAFF

    @property
    def is_public(self) -> bool:
        return super().is_public and not self.is_held_back

    @property
    def when(self) -> str:
        """Its date in words, or what is known instead."""
        if self.date:
            return f"{self.date.label()}, {gettext('forthcoming')}" if self.is_forthcoming else self.date.label()
        return gettext("forthcoming") if self.is_forthcoming else gettext("year not stated")

    @property
    def cover(self) -> Any:
        """The file whose first page stands for it, in the language of the original where there is one; or None."""
        pictured = [file for file in self.files.all() if file.cover_height]
        return min(pictured, key=lambda file: file.language != self.language, default=None)

    def get_absolute_url(self) -> str:
        return reverse("publications:detail", args=[self.slug])

    def put_on_show(self, by: Any) -> str:
        address = super().put_on_show(by)
        type(self)._base_manager.filter(pk=self.pk).update(audience=self.Audience.PUBLIC, embargo_until=None)
        return address


class Contributor(OrderedRow):
    """A person or an organisation, in the order of the title page."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        EDITOR = "editor", _("Editor")
        PARTNER = "partner", _("Partner")
        TRANSLATOR = "translator", _("Translator")

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="contributors")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.AUTHOR)
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    orcid = models.CharField(_("ORCID"), max_length=19, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        related_name="contributions",
    )

    class Meta(OrderedRow.Meta):
        verbose_name = _("author or partner")
        verbose_name_plural = _("authors and partners")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) & ~Q(family_name="")
                | Q(organisation__isnull=False, family_name="", given_name="", orcid=""),
                name="publications_contributor_is_person_or_organisation",
                violation_error_message=_("Give a person's family name or choose an organisation, not both."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation) if self.organisation_id else f"{self.given_name} {self.family_name}".strip()

    def clean(self) -> None:
        super().clean()
        if self.orcid:
            self.orcid = check_identifier("orcid", self.orcid, field="orcid")


class PublicationIdentifier(Row):
    class Scheme(models.TextChoices):
        DOI = "doi", "DOI"
        ISBN = "isbn", "ISBN"
        ISSN = "issn", "ISSN"
        HANDLE = "handle", "Handle"
        REPORT = "report", _("Report number")

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme.choices)
    value = models.CharField(_("identifier"), max_length=160)

    class Meta(Row.Meta):
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="publications_publicationidentifier_once",
                condition=~Q(scheme="issn"),  # a series' number stands on each of its issues
                violation_error_message=_("Another publication has this identifier."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self) -> None:
        super().clean()
        if self.value:
            self.value = check_identifier(self.scheme, self.value, field="value")

    @property
    def url(self) -> str:
        prefix = {"doi": "https://doi.org/", "handle": "https://hdl.handle.net/"}.get(self.scheme)
        return f"{prefix}{self.value}" if prefix else ""
