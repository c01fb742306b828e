"""The staff's accounts, with Unfold's forms."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

admin.site.unregister(User)
admin.site.unregister(Group)


class _Accounts(ModelAdmin):
    def get_action_choices(
        self, request: HttpRequest, default_choices: Any = None, action_location: Any = ActionLocation.CHANGE_LIST
    ) -> list[tuple[str, str]]:
        """Unfold's own does not know Django 6.1's last argument, and Django warns of that."""
        choices: list[tuple[str, str]] = super().get_action_choices(request)
        return choices


@admin.register(User)
class StaffAdmin(UserAdmin, _Accounts):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class StaffGroupAdmin(GroupAdmin, _Accounts):
    pass
