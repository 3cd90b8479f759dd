from django.urls import path

from dialogues import views

app_name = "dialogues"
urlpatterns = [
    path("", views.dialogue_list, name="list"),
    path("meetings/", views.meeting_list, name="meetings"),
    path("meetings/<slug:slug>/", views.other_meeting, name="other-meeting"),
    path("<slug:slug>/", views.dialogue_detail, name="detail"),
    path("<slug:dialogue>/meetings/<slug:slug>/", views.meeting_detail, name="meeting"),
]
