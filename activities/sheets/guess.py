"""Which activity or meeting a sheet goes to, by what it says of itself. A guess, shown before anything is written."""

import os
import re
import zipfile
from difflib import SequenceMatcher

from django.utils import timezone

from activities.models import Activity
from activities.sheets.heading import read_heading
from activities.sheets.target import options_for
from members.models.imports import OF_ASSOCIATION
from members.rights import Ability
from members.roster.text import squeeze
from organizations.models import Body, Meeting

# how alike two titles of the same day are at least
ALIKE = 0.5
KIND = Activity.Kind
# the first that fits counts
_KINDS = (
    ("主题教育|学习教育", KIND.THEME_EDUCATION),
    ("党日|党支部|党员|党建|党课", KIND.PARTY),
    ("考察|调研|参观|走访", KIND.RESEARCH_VISIT),
    ("培训|学习班|研修|讲座|宣讲", KIND.TRAINING),
    ("志愿", KIND.VOLUNTEERING),
    ("慰问|公益|捐|义诊|咨询|服务|法律进", KIND.SOCIAL_SERVICE),
    ("建言|提案|社情民意|协商", KIND.CONSULTATION),
    ("座谈|论坛|沙龙|研讨|恳谈", KIND.FORUM),
    ("联谊|交流|年会|茶话|团拜", KIND.FELLOWSHIP),
    ("运动|比赛|文艺|书画|摄影|合唱|健步", KIND.CULTURE),
    ("会议|大会|工作会|例会|会$", KIND.WORK_MEETING),
)


def choose(batch, roster):
    """Fill `batch.body` and `batch.options` from what the file says, where nobody has decided before."""
    options = batch.options
    stem = os.path.splitext(batch.file_name)[0]
    sheets = [sheet for sheet in roster.sheets if sheet.header_rows] or roster.sheets
    lines = [texts for sheet in sheets for _number, texts in sheet.said]
    found = read_heading(lines, stem=stem, today=timezone.localdate())
    options["stated"] = found.stated
    options["pictures"] = _pictures(batch)
    if not options.keys() & {"activity", "meeting", "make"}:
        propose(batch, found)


def propose(batch, found):
    """Fill `batch.body` and `batch.options` with what the Heading `found` is about; nothing if it does not tell."""
    thing = _existing(batch, found)
    if thing is not None:
        batch.body, chosen = options_for(thing)
        batch.options |= chosen
    elif found.title and found.on:
        _to_be_made(batch, found)


def _existing(batch, found):
    """The Activity or Meeting that the Heading names, among those that may be written; None without one."""
    actor = batch.created_by
    if actor is None or not found.title:
        return None
    activities = Activity.objects.where_may(actor, Ability.EDIT).filter(association=batch.association)
    activities = activities.exclude(state=Activity.State.CANCELLED).select_related("host")
    meetings = Meeting.objects.where_may(actor, Ability.EDIT).filter(body__association=batch.association)
    meetings = meetings.exclude(state=Meeting.State.CANCELLED).select_related("body")
    if found.on is None:
        named = [*activities.filter(title=found.title)[:2], *meetings.filter(name=found.title)[:2]]
        return named[0] if len(named) == 1 else None
    rows = [(row.title, row) for row in activities.filter(starts_at__date=found.on)]
    rows += [(row.name, row) for row in meetings.filter(on=found.on)]
    association = squeeze(batch.association.name)
    likeness = [(_likeness(found.title, title, association), row) for title, row in rows]
    likeness = sorted(likeness, key=lambda each: -each[0])
    if not likeness or likeness[0][0] < ALIKE or (len(likeness) > 1 and likeness[0][0] == likeness[1][0]):
        return None
    return likeness[0][1]


def _likeness(one, other, association):
    """How alike two titles are, from 0 to 1; the association's own name says nothing."""
    one, other = (squeeze(text).replace(association, "") for text in (one, other))
    if not one or not other:
        return 0
    if one in other or other in one:
        return 1
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _to_be_made(batch, found):
    title = squeeze(found.title)
    actor = batch.created_by
    bodies = Body.objects.filter(association=batch.association, dissolved_on="")
    bodies = bodies.where_may(actor, Ability.EDIT) if actor else bodies.none()
    named = [body for body in bodies if squeeze(body.name) in title]
    batch.body = max(named, key=lambda body: len(body.name), default=None)
    kind = next((kind for words, kind in _KINDS if re.search(words, title)), KIND.OTHER)
    batch.options["make"] = {
        "title": found.title,
        "kind": kind.value,
        "on": found.on.isoformat(),
        "starts": found.starts.isoformat("minutes") if found.starts else "",
        "ends": found.ends.isoformat("minutes") if found.ends else "",
        "place": found.place,
    }
    # a branch that nobody has entered yet is not told about either
    if batch.body is None and not re.search("支部|党组织", title):
        batch.options[OF_ASSOCIATION] = True


def _pictures(batch):
    """How many pictures an .xlsx or .ods file holds; 0 of other kinds."""
    try:
        with zipfile.ZipFile(batch.file.path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        return 0
    return sum(name.startswith(("xl/media/", "Pictures/")) for name in names)
