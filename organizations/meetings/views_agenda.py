"""Forms of the agenda and of its votes."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from organizations.frame import EDIT, posted
from organizations.meetings import holding
from organizations.meetings.forms import DeleteForm, ItemForm, VoteForm
from organizations.meetings.page import may_write
from organizations.meetings.views import form_page, may_view, meeting_in_sight
from organizations.models import AgendaItem, Meeting, Vote


def part_to_write(request, rows, pk, meeting_of):
    """The row with the key `pk` out of `rows`: 404 where its meeting, `meeting_of(row)`, is out of sight, else 403."""
    row = get_object_or_404(rows, pk=pk)
    get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting_of(row).pk)
    if not may_write(request.user, meeting_of(row)):
        raise PermissionDenied
    return row


def _item(request, pk):
    rows = AgendaItem.objects.select_related("meeting__body__association", "meeting__term")
    return part_to_write(request, rows, pk, lambda item: item.meeting)


def _vote(request, pk):
    rows = Vote.objects.select_related("item__meeting__body__association", "item__meeting__term")
    return part_to_write(request, rows, pk, lambda vote: vote.item.meeting)


def part_form(request, form, *, title, done):
    """The page of a form about a part of a meeting: afterwards one is back at the agenda."""
    back = f"{form.meeting.get_absolute_url()}#agenda"
    return form_page(request, form, title=title, back=back, done=done, meeting=form.meeting)


def delete_page(request, row, meeting, *, delete, title):
    form = DeleteForm(posted(request), meeting=meeting, user=request.user, delete=delete, row=row)
    return form_page(
        request,
        form,
        title=title,
        back=f"{meeting.get_absolute_url()}#agenda",
        done=_("Deleted."),
        meeting=meeting,
        extra={"is_grave": True, "verb": _("Delete")},
    )


@may_view
def item_new(request, pk):
    meeting = meeting_in_sight(request, pk, ability=EDIT)
    form = ItemForm(posted(request), meeting=meeting, user=request.user)
    return part_form(request, form, title=_("Add an agenda item"), done=_("Saved."))


@may_view
def item_edit(request, pk):
    item = _item(request, pk)
    form = ItemForm(posted(request), instance=item, meeting=item.meeting, user=request.user)
    return part_form(request, form, title=_("Edit the agenda item"), done=_("Saved."))


@may_view
def item_delete(request, pk):
    item = _item(request, pk)
    title = _("Delete the agenda item “{item}” with its votes").format(item=item)
    return delete_page(request, item, item.meeting, delete=holding.delete_item, title=title)


@may_view
def vote_new(request, pk):
    """A vote on the agenda item with the key `pk`."""
    item = _item(request, pk)
    vote = holding.new_vote(item)
    form = VoteForm(posted(request), instance=vote, meeting=item.meeting, user=request.user)
    return part_form(request, form, title=_("Enter a vote on: {item}").format(item=item), done=_("Saved."))


@may_view
def vote_edit(request, pk):
    vote = _vote(request, pk)
    form = VoteForm(posted(request), instance=vote, meeting=vote.item.meeting, user=request.user)
    title = _("Correct the vote on: {item}").format(item=vote.item)
    return part_form(request, form, title=title, done=_("Saved."))


@may_view
def vote_delete(request, pk):
    vote = _vote(request, pk)
    title = _("Delete the vote on “{vote}”").format(vote=vote)
    return delete_page(request, vote, vote.item.meeting, delete=holding.delete_vote, title=title)
