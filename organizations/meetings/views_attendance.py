"""The page on which one enters who was there: everybody on the list at once, by taps, on a phone too."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from organizations.frame import EDIT, posted, render_page
from organizations.meetings import holding
from organizations.meetings.checks import counts_of
from organizations.meetings.counting import quorum
from organizations.meetings.defaults import rule_for
from organizations.meetings.holding import Entry
from organizations.meetings.plan_forms import members_named
from organizations.meetings.views import may_view, meeting_in_sight
from organizations.models import Attendance
from organizations.services import NotPossible

REASON_LENGTH = Attendance._meta.get_field("reason").max_length


@dataclass
class Line:
    """One person of the page: what is entered, and the choices there are."""

    row: Attendance
    presence: str
    proxy: str
    reason: str
    choices: list


class Sheet:
    """The list of a meeting as the page shows it and as it comes back."""

    def __init__(self, meeting, data=None):
        self.meeting, self.data = meeting, data
        self.rule = rule_for(meeting.body.association_id, meeting.kind)
        self.rows = holding.list_of(meeting)
        self.stored = {
            row.member_id: [row.presence, row.proxy.name if row.proxy else "", row.reason]
            for row in self.rows
        }

    @property
    def seen(self):
        """What the page was opened with, for `changed` to find out what was entered on it."""
        return json.dumps({str(pk): values for pk, values in self.stored.items() if any(values)})

    def lines(self):
        found = []
        for row in self.rows:
            presence, proxy, reason = self._typed(row) if self.data else self.stored[row.member_id]
            found.append(Line(row, presence, proxy, reason, self.choices(row)))
        return found

    def choices(self, row):
        kinds = Attendance.Presence
        if not row.is_entitled:
            return [kinds.OBSERVER, kinds.LEAVE, kinds.ABSENT]
        found = [kinds.ATTENDED, kinds.LATE, kinds.LEAVE, kinds.ABSENT]
        if self.rule.proxies_allowed:
            found.insert(2, kinds.PROXY)
        return found

    def _typed(self, row):
        key = row.member_id
        presence = self.data.get(f"p-{key}", "")
        if not presence and "rest" in self.data and row.is_entitled:
            presence = Attendance.Presence.ATTENDED
        return [
            presence,
            self.data.get(f"x-{key}", "").strip(),
            self.data.get(f"r-{key}", "").strip().replace("\x00", ""),
        ]

    def _opened(self):
        """{id as text: values} that the page was opened with; what is no such thing counts as an empty list."""
        try:
            opened = json.loads(self.data.get("seen", ""))
        except (ValueError, RecursionError):
            return {}
        return opened if isinstance(opened, dict) else {}

    def entries(self):
        """{id: Entry} of the lines that differ from what the page was opened with.

        Raises ValidationError with a sentence for each line that cannot be, or that somebody else changed meanwhile.
        """
        opened, by_name, found, errors = self._opened(), {}, {}, []
        for row in self.rows:
            by_name.setdefault(row.member.name, []).append(row.member_id)
        for row in self.rows:
            typed, stored = self._typed(row), self.stored[row.member_id]
            before = opened.get(str(row.member_id), ["", "", ""])
            if typed in (before, stored):
                continue
            if stored != before:
                now = Attendance.Presence(stored[0]).label if stored[0] else _("nothing")
                errors.append(
                    _("{name}: somebody entered “{now}” meanwhile. Save again to replace it.").format(
                        name=row.member, now=now
                    )
                )
                continue
            presence, proxy, reason = typed
            if presence and presence not in self.choices(row):
                errors.append(_("{name}: choose one of the list.").format(name=row.member))
            if len(reason) > REASON_LENGTH:
                errors.append(
                    _("{name}: the reason has more than {most} characters.").format(
                        name=row.member, most=REASON_LENGTH
                    )
                )
            holders = by_name.get(proxy, [])
            if proxy and len(holders) != 1:
                errors.append(
                    _("{name}: “{proxy}” is not the name of one person on the list.").format(
                        name=row.member, proxy=proxy
                    )
                )
            found[row.member_id] = Entry(presence, holders[0] if len(holders) == 1 else None, reason)
        if errors:
            raise ValidationError(errors)
        return found


@may_view
def attendance(request, pk):
    """Enter the attendance. While the meeting is planned one may note who asked for leave."""
    meeting = meeting_in_sight(request, pk, ability=EDIT)
    sheet = Sheet(meeting, posted(request))
    errors = []
    if request.method == "POST":
        try:
            changed = holding.record_attendance(
                meeting, sheet.entries(), actor=request.user, reason=request.POST.get("correction", "")
            )
        except ValidationError as error:
            errors = error.messages
        except NotPossible as error:
            errors = [str(error)]
        else:
            messages.success(
                request,
                ngettext("{count} entry saved.", "{count} entries saved.", changed).format(count=changed),
            )
            return redirect("organizations:meeting_attendance", pk=meeting.pk)
    lines, counts = sheet.lines(), counts_of(sheet.rows)
    context = {
        "title": _("Attendance: {name}").format(name=meeting),
        "meeting": meeting,
        "lines": lines,
        "sheet": sheet,
        "errors": errors,
        "correction": request.POST.get("correction", ""),
        "counts": counts,
        "quorum": quorum(counts.entitled, counts.present, meeting.quorum or sheet.rule.quorum),
        "reason_length": REASON_LENGTH,
    }
    return render_page(
        request, "organizations/meeting_attendance.html", context, status=422 if errors else 200
    )


@may_view
@require_POST
def observers(request, pk):
    """Put members on the list as observers, named one a line."""
    meeting = meeting_in_sight(request, pk, ability=EDIT)
    try:
        with transaction.atomic():
            members = members_named(
                request.POST.get("names", ""), association_id=meeting.body.association_id, user=request.user
            )
            for member in members:
                reason = request.POST.get("correction", "")
                holding.add_observer(meeting, member, actor=request.user, reason=reason)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect("organizations:meeting_attendance", pk=meeting.pk)
