from django.urls import path

from dialogues import meetings_views as meetings
from dialogues import views

app_name = "dialogues"
urlpatterns = [
    path("", views.dialogue_list, name="list"),
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings.ics", meetings.meeting_calendar, name="calendar"),
    path("meetings/<slug:slug>/", meetings.other_meeting, name="other-meeting"),
    path("meetings/<slug:slug>.ics", meetings.one_calendar, name="other-meeting-calendar"),
    path("meetings/series/<slug:slug>/", meetings.meeting_series, name="series"),
    path("<slug:slug>/", views.dialogue_detail, name="detail"),
    path("<slug:slug>/meetings.ics", meetings.dialogue_calendar, name="dialogue-calendar"),
    path("<slug:dialogue>/meetings/<slug:slug>/", meetings.meeting_detail, name="meeting"),
    path("<slug:dialogue>/meetings/<slug:slug>.ics", meetings.one_calendar, name="meeting-calendar"),
]
