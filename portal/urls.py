"""The site's addresses. Those of a kind come from its own urls.py, under the name of its app."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path, re_path

from portal import kinds
from portal.models import Organisation, Region, Theme
from portal.views import figures, home, pages, previews, search, suggestions, vocabularies

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/sign-in/", auth_views.LoginView.as_view(template_name="portal/sign_in.html"), name="sign-in"),
    path("accounts/sign-out/", auth_views.LogoutView.as_view(), name="sign-out"),
    path("livez", pages.livez, name="livez"),
    path("readyz", pages.readyz, name="readyz"),
    path("robots.txt", pages.robots, name="robots"),
    re_path(r"^preview/(?P<token>[A-Za-z0-9_-]{43})/$", previews.shared_preview, name="shared-preview"),
    path("staff/", include("portal.staff.urls")),
    *(path("staff/", include(kind.desk_urls)) for kind in kinds.all() if kind.desk_urls),
    # English has no prefix; the other languages are /fr/, /ar/ and /ru/.
    *i18n_patterns(
        path("", home.home, name="home"),
        path("countries/", vocabularies.country_list, name="countries"),
        re_path(r"^countries/(?P<iso2>[A-Za-z]{2})/$", vocabularies.country, name="country"),
        *(
            path(f"{name}/", vocabularies.name_list, {"model": model}, name=name)
            for name, model in (("regions", Region), ("themes", Theme), ("organisations", Organisation))
        ),
        path("regions/<slug:slug>/", vocabularies.region, name="region"),
        path("themes/<slug:slug>/", vocabularies.theme, name="theme"),
        path("organisations/<slug:slug>/", vocabularies.organisation, name="organisation"),
        path("search/", search.search, name="search"),
        path("search/suggestions/", suggestions.suggestions, name="suggestions"),
        path("figures/", figures.figures, name="figures"),
        path("figures/<slug:slug>/", figures.group, name="figure-group"),
        *(
            re_path(rf"^figures{which}\.(?P<format>csv|json)$", figures.download, name=name)
            for which, name in (("", "figures-download"), (r"/(?P<slug>[-a-zA-Z0-9_]+)", "figure-group-download"))
        ),
        path("reporting/", include("dialogues.reporting.urls")),
        path("about/", pages.page, name="about"),
        path("about/<slug:slug>/", pages.page, name="page"),
        *(
            path(f"{kind.app_label}/", include(f"{kind.model.__module__.split('.models')[0]}.urls"))
            for kind in kinds.all()
        ),
        prefix_default_language=False,
    ),
]
