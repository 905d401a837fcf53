from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from members.models import Member
from members.portal.directory import entries, photo_in_directory, set_own_entry
from members.portal.forms import DirectoryForm, SearchForm
from members.portal.frame import for_members, render_portal
from members.portal.pages import page_of

ORDER = ["stroke_key", "id"]


@for_members
@require_GET
@never_cache
def directory(request, member):
    """Members who agreed to be found by the others, in the order of strokes; one's own switches above them."""
    search = SearchForm(request.GET)
    text = search.cleaned_data["q"] if search.is_valid() else ""
    listed = Member.objects.in_directory_for(request.user).select_related("employer")
    page = page_of(listed.search_names(text), request, ordering=ORDER, q=text)
    context = {
        "is_reader": member.is_in_force,
        "form": DirectoryForm.of(member),
        "search": search,
        "text": text,
        "page": page,
        "entries": entries(page.rows),
    }
    return render_portal(
        request, "portal/directory.html", member, context, status=200 if member.is_in_force else 403
    )


@for_members
@require_POST
def directory_entry(request, member):
    """What the reader shows in the directory: given or withdrawn, with effect at once."""
    form = DirectoryForm(request.POST)
    form.is_valid()  # boxes alone: nothing in them can be wrong
    changed = set_own_entry(member, form.purposes, actor=request.user)
    if not changed:
        messages.info(request, _("Nothing was changed."))
    elif form.purposes:
        messages.success(
            request, _("Saved. The other members find you in the directory with what you chose.")
        )
    else:
        messages.success(request, _("Saved. You are no longer listed in the directory."))
    return redirect("portal:directory")


@for_members
@require_GET
@never_cache
def directory_member(request, member, pk):
    """One member as the directory shows it."""
    listed = Member.objects.in_directory_for(request.user).select_related("employer")
    [entry] = entries([get_object_or_404(listed, pk=pk)])
    return render_portal(request, "portal/directory_member.html", member, {"entry": entry})


@require_GET
def directory_photo(request, pk):
    """The photo of a member who agreed to show it; kept nowhere, so that withdrawing takes it away at once."""
    name = photo_in_directory(request.user, pk)
    if not name or not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
