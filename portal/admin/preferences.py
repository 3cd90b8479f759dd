"""What people choose for themselves, on one page: their time zone, and whether letters reach them."""

import zoneinfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.models import Preference
from portal.models.people import time_zones


class PreferenceForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = ("time_zone", "wants_letters")
        widgets = {"time_zone": forms.Select}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["time_zone"].widget.choices = choices()


def choices():
    """Every zone with the time it is there, by area; the portal's own first."""
    now = timezone.now()

    def label(name, place):
        return f"{place} · {date_format(now.astimezone(zoneinfo.ZoneInfo(name)), 'D H:i')}"

    areas = {}
    for name in time_zones():
        area, place = name.split("/", 1) if "/" in name else ("", name)
        areas.setdefault(area, []).append((name, label(name, place.replace("_", " ").replace("/", ", "))))
    own = _("As the portal: %s") % label(settings.TIME_ZONE, settings.TIME_ZONE)
    others = areas.pop("", [])
    return [("", own), *areas.items(), *others]


def preferences(request, site):
    """One's own, whoever asks: no address leads to somebody else's."""
    own = Preference.objects.filter(user=request.user).first() or Preference(user=request.user)
    form = PreferenceForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        Preference.objects.update_or_create(user=request.user, defaults=form.cleaned_data)
        messages.success(request, _("Your preferences are saved."))
        return HttpResponseRedirect(reverse("admin:preferences"))
    context = {
        **site.each_context(request),
        "title": _("Preferences"),
        "form": form,
        "address": request.user.email,
        "now": timezone.now(),
    }
    return TemplateResponse(request, "admin/portal/preferences.html", context)
