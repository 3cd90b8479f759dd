"""Pages that publications add to the staff's desk."""

from django.urls import path

from publications import alternatives, quality

app_name = "publications-desk"
urlpatterns = [
    path("quality/", quality.quality, name="quality"),
    path("alternatives/", alternatives.report, name="alternatives"),
]
