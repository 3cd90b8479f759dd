"""An event, with the least a kind of content needs."""

from django.db import models
from django.urls import reverse

from portal.editorial import EditorialModel
from portal.models import Country


class Event(EditorialModel):
    title = models.CharField(max_length=200)
    countries = models.ManyToManyField(Country, blank=True, related_name="+")

    class Meta(EditorialModel.Meta):
        permissions = [("publish_event", "Can publish events")]

    def get_absolute_url(self) -> str:
        return reverse("events:detail", args=[self.slug])
