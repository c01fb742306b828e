"""How Django names the parts of the back office."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class BackOffice(AppConfig):
    name = "cagnotte.channels.backoffice"
    label = "backoffice"


class BackOfficeAdmin(AdminConfig):
    default_site = "cagnotte.channels.backoffice.site.BackOfficeSite"


class Tables(AppConfig):
    """Gives our tables to Django, and with them the permissions to view each of them."""

    name = "cagnotte.storage"
    label = "cagnotte"
    verbose_name = _("Loyalty programme")
