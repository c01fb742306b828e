"""Every address that Django answers."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

handler500 = "cagnotte.channels.backoffice.troubles.failed"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("language/", include("django.conf.urls.i18n")),
    path("backoffice/", admin.site.urls),
]
