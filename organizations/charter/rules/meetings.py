"""How often bodies meet. The numbers are those of the rules of meetings (models/meetings.py), with their own sources.

Sources: domain.md D2 (council yearly, standing council half-yearly), D5 (三会一课).
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.charter.dates import said
from organizations.charter.facts import Role
from organizations.charter.findings import Found, Place
from organizations.charter.kinds import Group, kind
from organizations.charter.periods import last_period
from organizations.charter.rules.bodies import KIND
from organizations.models.meetings import KINDS_OF_BODY, MeetingKind


def frequencies(facts, body):
    """The Frequency of each kind of meeting that `body` is to hold so many times in a period."""
    has_committee = bool(body.holding(Role.PARTY_COMMITTEE))
    for each in facts.frequencies:
        if each.kind not in KINDS_OF_BODY.get(body.kind, ()):
            continue
        if each.kind == MeetingKind.PARTY_COMMITTEE and not has_committee:
            continue
        # whether a branch has groups (党小组) is not in the register
        if each.kind != MeetingKind.PARTY_GROUP:
            yield each


def held(body, frequency, start, end):
    """How many meetings of that kind `body` held from `start` to `end`; a joint one counts for both bodies."""
    kinds = {frequency.kind}
    if MeetingKind.JOINT in KINDS_OF_BODY.get(body.kind, ()):
        kinds.add(MeetingKind.JOINT)
    return sum(meeting.kind in kinds and start <= meeting.on <= end for meeting in body.meetings)


@kind(
    "meeting_frequency",
    Group.MEETINGS,
    gettext_lazy("How often it meets"),
    gettext_lazy("It meets as often in each period as the rules of meetings say."),
    bodies=[KIND.ASSEMBLY, KIND.COUNCIL, KIND.STANDING_COUNCIL, KIND.SUPERVISORS, KIND.PARTY_BRANCH],
    on_drafts=False,
)
def meeting_frequency(facts, body):
    # from the first whole period of the term on: what was before it may not be in the register
    if body.term is None or not body.seats:
        return
    for frequency in frequencies(facts, body):
        start, end = last_period(frequency.period, facts.day)
        count = held(body, frequency, start, end)
        if body.term.starts_on <= start and count < frequency.at_least:
            yield Found(
                _("{kind}: {count} from {start} to {end}; at least {least} are required.").format(
                    kind=MeetingKind(frequency.kind).label,
                    count=count,
                    start=said(start),
                    end=said(end),
                    least=frequency.at_least,
                ),
                cure=_("Hold the meeting, or enter the one that was held."),
                place=Place.MEETINGS,
                article=frequency.article,
                source=frequency.source,
            )
