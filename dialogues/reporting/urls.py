from django.urls import path

from dialogues.reporting import access, views

app_name = "reporting"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", access.sign_in, name="sign-in"),
    path("<int:role>/<int:number>/new/", views.new, name="new"),
    path("initiatives/<uuid:key>/", views.edit, name="initiative"),
]
