from django.urls import path, re_path

from dialogues import meetings_views as meetings
from dialogues import views
from dialogues.cycles import views as cycles
from dialogues.trace import views as trace

app_name = "dialogues"
urlpatterns = [
    path("", views.dialogue_list, name="list"),
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings.ics", meetings.meeting_calendar, name="calendar"),
    path("meetings/<slug:slug>/", meetings.other_meeting, name="other-meeting"),
    path("meetings/<slug:slug>.ics", meetings.one_calendar, name="other-meeting-calendar"),
    path("meetings/series/<slug:slug>/", meetings.meeting_series, name="series"),
    path("trace/", trace.trace_page, name="all-traces"),
    path("trace.csv", trace.trace_file, {"format": "csv"}, name="all-traces-csv"),
    path("trace.json", trace.trace_file, {"format": "json"}, name="all-traces-json"),
    path("<slug:slug>/", views.dialogue_detail, name="detail"),
    path("<slug:slug>/meetings.ics", meetings.dialogue_calendar, name="dialogue-calendar"),
    path("<slug:dialogue>/meetings/<slug:slug>/", meetings.meeting_detail, name="meeting"),
    path("<slug:dialogue>/meetings/<slug:slug>.ics", meetings.one_calendar, name="meeting-calendar"),
    path("<slug:slug>/trace/", trace.trace_page, name="trace"),
    path("<slug:slug>/trace.csv", trace.trace_file, {"format": "csv"}, name="trace-csv"),
    path("<slug:slug>/trace.json", trace.trace_file, {"format": "json"}, name="trace-json"),
    path("<slug:slug>/cycles/", cycles.cycle_list, name="cycles"),
    path("<slug:slug>/cycles/<int:number>/", cycles.cycle_page, name="cycle"),
    path("<slug:slug>/cycles/<int:number>/changes/", cycles.cycle_changes, name="cycle-changes"),
    path("<slug:slug>/cycles/<int:number>/snapshot.json", cycles.snapshot, name="cycle-snapshot"),
    re_path(
        r"^(?P<slug>[-\w]+)/cycles/(?P<number>[0-9]{1,9})\.(?P<format>csv|json)$",
        cycles.cycle_download,
        name="cycle-download",
    ),
]
