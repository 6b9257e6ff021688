"""Addresses of the discussion. Numbers are the comment's own on its page, never a database key."""

from django.urls import path

from discussion.views import adding, own, reading

app_name = "discussion"

urlpatterns = [
    path("<int:page_id>/", reading.page, name="page"),
    path("<int:page_id>/add/", adding.Add.as_view(), name="add"),
    path("<int:page_id>/token/", adding.token, name="token"),
    path("<int:page_id>/yours/", own.yours, name="yours"),
    path("<int:page_id>/<int:number>/", reading.comment, name="comment"),
]
