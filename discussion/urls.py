"""Addresses of the discussion. Numbers are the comment's own on its page, never a database key."""

from django.urls import path

from discussion import feeds
from discussion.views import adding, mail, own, reading, reports

app_name = "discussion"

urlpatterns = [
    path("<int:page_id>/", reading.page, name="page"),
    path("<int:page_id>/add/", adding.Add.as_view(), name="add"),
    path("<int:page_id>/token/", adding.token, name="token"),
    path("<int:page_id>/follow/", mail.Follow.as_view(), name="follow"),
    path("confirm/<str:token>/", mail.Confirm.as_view(), name="confirm"),
    path("subscribe/<str:token>/", mail.Subscribe.as_view(), name="subscribe"),
    path("unsubscribe/<str:token>/", mail.Unsubscribe.as_view(), name="unsubscribe"),
    path("<int:page_id>/yours/", own.yours, name="yours"),
    path("<int:page_id>/yours/<uuid:key>/edit/", own.Change.as_view(), name="edit"),
    path("<int:page_id>/yours/<uuid:key>/delete/", own.Delete.as_view(), name="delete"),
    path("<int:page_id>/feed/", feeds.comments, name="feed"),
    path("<int:page_id>/<int:number>/", reading.comment, name="comment"),
    path("<int:page_id>/<int:number>/replies/", reading.replies, name="replies"),
    path("<int:page_id>/<int:number>/report/", reports.Report.as_view(), name="report"),
]
