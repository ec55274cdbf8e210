"""Addresses of the public pages about agreements."""

from django.urls import path

from customers import views

urlpatterns = [path("terms/<slug:slug>/<int:number>/", views.terms, name="terms")]
