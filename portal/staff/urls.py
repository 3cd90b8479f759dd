"""The desk's addresses, under /staff/ and in no language of their own: people share them among themselves."""

from django.urls import path, re_path

from portal.staff import (
    baskets,
    completeness,
    composing,
    exports,
    feeds,
    figures,
    front,
    links,
    names,
    saved,
    search,
    stale,
)

BY_LINK = r"(?P<token>[A-Za-z0-9_-]{20,64})"

app_name = "staff"
urlpatterns = [
    path("", front.desk, name="desk"),
    path("compose/", composing.compose, name="compose"),
    path("search/", search.results, name="search"),
    path("search/help/", front.language_help, name="help"),
    re_path(r"^search\.(?P<format>csv|json)$", exports.search, name="search-export"),
    path("saved/", saved.save, name="save"),
    path("saved/<int:pk>/", saved.saved, name="saved"),
    path("saved/<int:pk>/change/", saved.change, name="saved-change"),
    path("saved/<int:pk>/looked/", saved.looked, name="saved-looked"),
    path("saved/<int:pk>/renew/", saved.renew, name="saved-renew"),
    path("saved/<int:pk>/delete/", saved.delete, name="saved-delete"),
    re_path(rf"^feeds/{BY_LINK}\.atom$", feeds.feed, name="feed"),
    path("baskets/", baskets.make, name="baskets"),
    path("baskets/add/", baskets.add, name="basket-add"),
    path("baskets/<int:pk>/", baskets.basket, name="basket"),
    path("baskets/<int:pk>/change/", baskets.change, name="basket-change"),
    path("baskets/<int:pk>/share/", baskets.share, name="basket-share"),
    path("baskets/<int:pk>/delete/", baskets.delete, name="basket-delete"),
    re_path(r"^baskets/(?P<pk>[0-9]{1,12})\.(?P<format>csv|json)$", exports.basket, name="basket-export"),
    re_path(rf"^baskets/shared/{BY_LINK}/$", baskets.shared, name="basket-shared"),
    re_path(rf"^baskets/shared/{BY_LINK}\.(?P<format>csv|json)$", exports.shared, name="basket-shared-export"),
    path("unanswered/", front.unanswered, name="unanswered"),
    path("unanswered/<int:pk>/dismiss/", front.dismiss, name="dismiss"),
    path("completeness/", completeness.report, name="completeness"),
    path("completeness.csv", completeness.download, name="completeness-export"),
    path("stale/", stale.report, name="stale"),
    path("names/", names.report, name="names"),
    path("names/settle/", names.settle, name="settle"),
    path("names/<int:pk>/reopen/", names.reopen, name="reopen"),
    path("links/", links.report, name="links"),
    path("figures/", figures.report, name="figures"),
    path("figures/explain/", figures.explain, name="explain"),
    path("figures/explanations/<int:pk>/take-back/", figures.take_back, name="take-back"),
]
