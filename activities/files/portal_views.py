"""Files and photos of activities for members."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from activities.files.serving import file_response
from activities.models import ActivityFile
from members.portal.frame import for_members


@for_members
@require_safe
def file(request, member, pk):
    """The photo, or the file to download."""
    return file_response(get_object_or_404(ActivityFile.objects.shown_to(member), pk=pk))


@for_members
@require_safe
def file_small(request, member, pk):
    """The small version of a photo."""
    return file_response(get_object_or_404(ActivityFile.objects.shown_to(member), pk=pk), small=True)
