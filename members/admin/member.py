"""The staff screens of members. Each part of the work has its own module."""

from django.contrib import admin
from django.shortcuts import redirect
from import_export.admin import ImportExportModelAdmin

from members.admin.duplicates import DuplicateScreen
from members.admin.export import ExportScreen
from members.admin.member_history import HistoryScreen
from members.admin.member_list import ListScreen
from members.admin.member_page import PageScreen
from members.models import Member
from members.numbers import remember_numbers
from organizations.admin import ScopedAdmin


@admin.register(Member)
class MemberAdmin(
    DuplicateScreen, ListScreen, PageScreen, HistoryScreen, ScopedAdmin, ExportScreen, ImportExportModelAdmin
):
    def get_queryset(self, request):
        return Member.objects.staff_visible_to(request.user)

    def has_change_permission(self, request, obj=None):
        # what the record says is sealed, or gone: only putting it back as a whole writes it (members/retention)
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_anonymised)

    def has_delete_permission(self, request, obj=None):
        # it is counted
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_anonymised)

    def delete_model(self, request, obj):
        remember_numbers(obj.association, [obj.number])
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for member in queryset.select_related("association").exclude(number=""):
            remember_numbers(member.association, [member.number])
        super().delete_queryset(request, queryset)

    def has_import_permission(self, request):
        return (
            super().has_import_permission(request)
            and request.user.has_perm("members.add_member")
            and request.user.has_perm("members.change_member")
        )

    def import_action(self, request, **kwargs):
        return redirect("members:import_upload")

    def process_import(self, request, **kwargs):
        # the package's own second step reads a file somebody else may have left
        return redirect("members:import_upload")
