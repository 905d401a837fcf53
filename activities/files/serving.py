"""Files of activities as they go to browsers: photos are shown, all else is downloaded."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

from activities.files.reading import TYPES, ending_of
from activities.files.services import small_name
from activities.models import ActivityFile


def file_response(row, *, small=False):
    """The ActivityFile `row`, or the small version of a photo; 404 where it is lost."""
    is_photo = row.kind == ActivityFile.Kind.PHOTO
    if small and not is_photo:
        raise Http404
    name = small_name(row.file) if small else row.file
    if not default_storage.exists(name):
        raise Http404
    kind = TYPES.get(ending_of(row.file), "application/octet-stream")
    response = FileResponse(default_storage.open(name), content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(not is_photo, row.name)
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # should a browser show it after all, nothing in it runs
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
