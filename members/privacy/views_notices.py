"""Notices on personal data: the staff's pages with versions, drafts and publishing; the public page of each version."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.addresses import whole_address
from members.models import Notice
from members.privacy.consents import notice_in_force, notices_in_force
from members.privacy.default_notice import default_text
from members.privacy.forms import NoticeForm
from members.privacy.notices import (
    CannotPublish,
    blocks,
    differences,
    keep_draft,
    members_told,
    publish_notice,
    version_before,
    with_readers,
)
from organizations.frame import posted, render_page
from organizations.models import Association

may_view = permission_required("members.view_notice", raise_exception=True)
may_write = permission_required("members.add_notice", raise_exception=True)


def _readable(user):
    return user.rights.associations_with("members.view_notice")


def _notice(request, pk):
    rows = Notice.objects.filter(association__in=_readable(request.user))
    return get_object_or_404(with_readers(rows).select_related("association", "published_by"), pk=pk)


def _may_write(request, association):
    return association.pk in request.user.rights.associations_with("members.add_notice")


def public_address(notice, request):
    path = reverse("notice_version", args=[notice.association.code, notice.version])
    return whole_address(path, request)


@may_view
def notices(request):
    """The associations in sight, each with the versions of its notice, the latest first."""
    day, readable = timezone.localdate(), _readable(request.user)
    versions = {}
    for notice in with_readers(Notice.objects.filter(association__in=readable)).order_by("-version"):
        versions.setdefault(notice.association_id, []).append(notice)
    associations = list(Association.objects.filter(pk__in=readable))
    in_force, told = notices_in_force(associations, day), members_told(associations, day)
    rows = []
    for association in associations:
        found, current = versions.get(association.pk, []), in_force[association.pk]
        rows.append(
            {
                "association": association,
                "notices": [(each, _state(each, current, day)) for each in found],
                "has_draft": any(not _is_published(each) for each in found),
                "inherited": current if current and current.association_id != association.pk else None,
                "told": told[current.pk] if current else None,
                "may_write": _may_write(request, association),
            }
        )
    return render_page(
        request, "members/notices.html", {"title": _("Notices on personal data"), "places": rows}
    )


def _is_published(notice):
    return notice.published_at is not None


def _state(notice, current, day):
    """One of draft, coming, current, past."""
    if not _is_published(notice):
        return "draft"
    if notice.valid_from > day:
        return "coming"
    return "current" if notice == current else "past"


@may_write
def notice_edit(request, association_pk):
    """The draft of the next version: the present one, or one begun from the version before or our own text."""
    association = get_object_or_404(Association, pk=association_pk, pk__in=_readable(request.user))
    if not _may_write(request, association):
        raise PermissionDenied
    draft = association.notices.filter(published_at=None).first()
    latest = association.notices.published().order_by("-version").first()
    before = draft or latest
    initial = {
        "text": before.text if before else default_text(association),
        "valid_from": max(draft.valid_from, timezone.localdate()) if draft else timezone.localdate(),
    }
    form = NoticeForm(posted(request), initial=initial)
    if form.is_valid():
        draft = keep_draft(association, **form.cleaned_data)
        return redirect("members:notice", draft.pk)
    context = {
        "title": _("Notice of {association}").format(association=association),
        "association": association,
        "form": form,
        "draft": draft,
        "default": default_text(association) if before else "",
    }
    return render_page(request, "members/notice_form.html", context, status=422 if form.errors else 200)


@may_view
def notice(request, pk):
    """One version as its readers see it, and what it changes of the version before."""
    found = _notice(request, pk)
    before = version_before(found)
    context = {
        "title": _("Notice of {association}, version {version}").format(
            association=found.association, version=found.version
        ),
        "notice": found,
        "blocks": blocks(found.text),
        "before": before,
        "lines": differences(before.text, found.text) if before else [],
        "told": members_told(list(Association.objects.below(found.association)))[found.pk],
        "may_write": _may_write(request, found.association),
        "address": public_address(found, request),
    }
    return render_page(request, "members/notice.html", context)


@may_write
@require_POST
def notice_publish(request, pk):
    found = _notice(request, pk)
    if not _may_write(request, found.association):
        raise PermissionDenied
    try:
        published = publish_notice(found, actor=request.user)
    except CannotPublish as error:
        messages.error(request, str(error))
    else:
        said = _("Version {version} is published, in force from {day}.")
        messages.success(request, said.format(version=published.version, day=published.valid_from))
    return redirect("members:notice", pk)


# -- for everybody


@login_not_required
def public_notice(request, code, version=None):
    """The notice in force of the association with that code, or the published version asked for."""
    association = get_object_or_404(Association, code=code)
    if version is None:
        found = notice_in_force(association)
    else:
        found = association.notices.published().filter(version=version).first()
    if found is None:
        raise Http404(_("This association has published no notice on personal data yet."))
    context = {
        "association": found.association,
        "notice": found,
        "blocks": blocks(found.text),
        "versions": found.association.notices.published().order_by("-version").only("version", "valid_from"),
    }
    return render(request, "members/notice_public.html", context)
