from django.urls import path, re_path

from publications import views

app_name = "publications"
urlpatterns = [
    path("", views.publication_list, name="list"),
    path("<slug:slug>/", views.publication_detail, name="detail"),
    re_path(r"^(?P<slug>[a-z0-9-]+)/(?P<language>[A-Za-z0-9-]{2,12})/$", views.document, name="document"),
    re_path(
        r"^(?P<slug>[a-z0-9-]+)/(?P<language>[A-Za-z0-9-]{2,12})/(?P<number>[1-9][0-9]{0,5})/$", views.page, name="page"
    ),
    re_path(r"^(?P<slug>[a-z0-9-]+)/(?P<language>[A-Za-z0-9-]{2,12})/cover\.jpg$", views.picture, name="cover"),
    re_path(
        r"^(?P<slug>[a-z0-9-]+)/(?P<language>[A-Za-z0-9-]{2,12})/(?P<number>[1-9][0-9]{0,5})\.jpg$",
        views.picture,
        name="picture",
    ),
    re_path(
        r"^(?P<slug>[a-z0-9-]+)/(?P<language>[A-Za-z0-9-]{2,12})\.(?P<format>pdf|docx|html|txt)$",
        views.file,
        name="file",
    ),
]
