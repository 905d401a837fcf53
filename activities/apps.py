from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = _("Activities")

    def ready(self):
        from activities import papers, papers_contributions
        from activities.evidence import own_copy
        from activities.sheets.kind import SHEETS
        from activities.signing_up.own import coming
        from activities.traces import REMOVED, TRACES
        from members.admin.member_page import TOOLS
        from members.imports.kinds import add_kind
        from members.portal.coming import SOURCES
        from members.portal.frame import PAGES, Page
        from members.privacy import copy, own_file
        from members.retention.traces import add_traces
        from organizations.meetings.page import PIECES

        papers.register()
        papers_contributions.register()
        add_kind(SHEETS)
        add_traces(*TRACES, removed=REMOVED)
        SOURCES.append(coming)
        TOOLS.append("activities.evidence.views.tool")
        copy.TABLES.extend(own_copy.TABLES)
        own_file.FURTHER.append(own_copy.stored)
        PAGES.insert(
            1, Page("own_activities:activities", pgettext_lazy("portal", "Activities"), "activities")
        )
        PAGES.append(
            Page("own_activities:type_code", pgettext_lazy("portal", "Check in"), "check-in", is_in_bar=False)
        )
        PIECES.extend(["activities.check_in.part.meeting_part", "activities.sheets.part.meeting_part"])
