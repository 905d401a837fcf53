"""The staff's navigation: by task (design §12), not by model.

A page of the staff screens stands in `TASKS` with the permission that opens it; what a user may not open is not shown.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Page:
    label: str
    url: str
    """Name of the address; it is the current page there and below."""
    permission: str | tuple[str, ...] = ()
    """The permission that opens it, or several of which one does."""
    below: tuple[str, ...] = ()
    """Names of further addresses of which this is the place in the navigation."""
    waiting: str = ""
    """Name of a function (user) → number of things that wait there."""

    def is_open_to(self, user):
        wanted = (self.permission,) if isinstance(self.permission, str) else self.permission
        return not wanted or any(map(user.has_perm, wanted))

    def entry(self, request):
        """The page for the template, with its address and whether the reader is on it."""
        address = reverse(self.url)
        roots = [address, *map(reverse, self.below)]
        if address == reverse("admin:index"):
            current = request.path == address
        else:
            current = any(request.path.startswith(root) for root in roots)
        return {"label": self.label, "address": address, "current": current}


@dataclass(frozen=True)
class Task:
    label: str
    pages: tuple[Page, ...]
    icon: str = ""
    """Name of a picture in config/static/img/icons.svg."""


TASKS = (
    # it shows persons: whoever reads figures only begins with the statistics
    Task(_("Workbench"), (Page(_("Workbench"), "admin:index", "members.view_member"),), "workbench"),
    Task(
        pgettext_lazy("task", "Members"),
        (
            Page(_("Member list"), "admin:members_member_changelist", "members.view_member"),
            Page(
                _("Probable duplicates"),
                "admin:members_member_duplicates",
                "members.change_member",
                below=("admin:members_member_merges",),
            ),
            Page(_("Saved lists"), "admin:members_member_lists", "members.view_savedlist"),
            Page(_("Employers"), "admin:members_employer_changelist", "members.view_employer"),
        ),
        "members",
    ),
    Task(
        pgettext_lazy("task", "Members at home"),
        (
            Page(_("Invitations"), "members:invitations", "members.view_invitation"),
            Page(
                _("Requests for changes"),
                "members:change_requests",
                "members.view_changerequest",
                waiting="members.change_requests.queue.waiting_for",
            ),
            Page(
                _("Applications for membership"),
                "members:applications",
                "members.view_application",
                waiting="members.applications.views.waiting_for",
            ),
            Page(_("Member cards"), "members:cards", "members.view_membercard"),
            Page(
                _("Requests about personal data"),
                "members:person_requests",
                "members.view_personrequest",
                waiting="members.privacy.queue.waiting_for",
            ),
            Page(_("Notices on personal data"), "members:notices", "members.view_notice"),
            Page(_("Retention of records"), "members:retention", "members.view_retentionrun"),
        ),
        "person",
    ),
    Task(
        pgettext_lazy("task", "Organization"),
        (
            Page(_("Bodies"), "organizations:bodies", "organizations.view_body"),
            Page(_("Meetings"), "organizations:meetings", "organizations.view_meeting"),
            Page(_("Elections"), "organizations:elections", "organizations.view_election"),
            Page(_("Association file"), "organizations:files", "organizations.view_filing"),
            Page(_("Filings"), "admin:organizations_filing_changelist", "organizations.view_filing"),
            Page(_("Check against the charter"), "organizations:findings", "organizations.view_charterrule"),
            Page(_("Rules of the charter"), "organizations:charter_rules", "organizations.view_charterrule"),
        ),
        "organizations",
    ),
    Task(
        pgettext_lazy("task", "Activities"),
        (
            Page(_("Activities"), "activities:activities", "activities.view_activity"),
            Page(pgettext_lazy("task", "Campaigns"), "activities:campaigns", "activities.view_campaign"),
            Page(_("Calendar"), "activities:calendar", "activities.view_activity"),
            Page(_("Figures"), "activities:figures", "members.view_statistics"),
            Page(
                _("Services and volunteer hours"),
                "activities:services",
                "activities.view_service",
                waiting="activities.contributions.queue.services_waiting",
            ),
            Page(_("Donations"), "activities:donations", "activities.view_donation"),
            Page(
                _("Honours"),
                "activities:honours",
                "activities.view_honour",
                waiting="activities.contributions.queue.honours_waiting",
            ),
            Page(_("Evidence records"), "activities:records", "activities.view_participation"),
            Page(
                _("Remarks on evidence records"),
                "activities:objections",
                "activities.view_objection",
                waiting="activities.evidence.waiting.waiting_for",
            ),
        ),
        "activities",
    ),
    Task(
        pgettext_lazy("task", "Import"),
        (
            Page(_("Import a roster"), "members:import_upload", "members.import_member"),
            Page(_("Imports"), "admin:members_importbatch_changelist", "members.view_importbatch"),
        ),
        "import",
    ),
    Task(
        _("Statistics"),
        (Page(_("Statistics"), "members:statistics", "members.view_statistics"),),
        "statistics",
    ),
    Task(
        pgettext_lazy("task", "Records"),
        (
            Page(_("Changes"), "admin:organizations_change_changelist", "organizations.view_change"),
            Page(
                _("Log of exports"),
                "members:disclosures",
                ("members.export_member", "members.view_disclosed"),
            ),
            Page(_("Actions"), "admin:organizations_action_changelist", "organizations.view_action"),
        ),
        "records",
    ),
    Task(
        pgettext_lazy("task", "Settings"),
        (
            Page(
                _("Associations"),
                "admin:organizations_association_changelist",
                "organizations.view_association",
            ),
            Page(_("Rules of meetings"), "organizations:meeting_rules", "organizations.view_meetingrule"),
            Page(_("Paper templates"), "organizations:papers", "organizations.view_papertemplate"),
            Page(
                _("Fields of service"),
                "admin:activities_servicefield_changelist",
                "activities.change_servicefield",
            ),
            Page(_("Word lists"), "admin:members_listedword_changelist", "members.view_listedword"),
            Page(
                _("Strokes of characters"),
                "admin:organizations_strokeoverride_changelist",
                "organizations.view_strokeoverride",
            ),
            Page(_("Accounts"), "admin:members_user_changelist", "members.view_user"),
            Page(_("Roles and fields"), "members:rights", "members.view_rolegrant"),
        ),
        "settings",
    ),
)


def navigation(request):
    """The tasks and pages open to the user of `request`.

    [{"label", "icon", "pages": [{"label", "address", "current", "waiting"}]}]. What waits is counted on the workbench
    and in the task where it waits: elsewhere a page need not pay for it.
    """
    found, waiting = [], []
    for task in TASKS:
        open_to_user = [page for page in task.pages if page.is_open_to(request.user)]
        pages = [page.entry(request) for page in open_to_user]
        if request.path == reverse("admin:index") or any(page["current"] for page in pages):
            waiting += [
                (page, entry) for page, entry in zip(open_to_user, pages, strict=True) if page.waiting
            ]
        if pages:
            found.append({"label": task.label, "icon": task.icon, "pages": pages})
    # the innermost of nested addresses is where one is
    current = [page for task in found for page in task["pages"] if page["current"]]
    deepest = max(current, key=lambda page: len(page["address"]), default=None)
    for page in current:
        page["current"] = page is deepest
    for page, entry in waiting:
        entry["waiting"] = import_string(page.waiting)(request.user)
    return found
