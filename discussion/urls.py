"""Addresses of the discussion. Numbers are the comment's own on its page, never a database key."""

from django.urls import path

from discussion import views

app_name = "discussion"

urlpatterns = [
    path("<int:page_id>/", views.page, name="page"),
    path("<int:page_id>/add/", views.Add.as_view(), name="add"),
    path("<int:page_id>/token/", views.token, name="token"),
    path("<int:page_id>/yours/", views.yours, name="yours"),
    path("<int:page_id>/<int:number>/", views.comment, name="comment"),
]
