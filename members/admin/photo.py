"""The photo of a member: put in, taken away, shown."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Member
from members.photos import NotAPhoto, read_photo, remove_photo, set_photo


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WEBP. It is made small and freed of the camera's notes before it is kept."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self):
        """The picture as JPEG bytes."""
        try:
            return read_photo(self.cleaned_data["photo"])
        except NotAPhoto as error:
            raise ValidationError(str(error)) from error


class PhotoScreen:
    """The part of the member's admin that puts a photo in and takes it away."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.photo_view)
        return [path("<int:pk>/photo/", view, name="members_member_photo"), *super().get_urls()]

    def photo_view(self, request, pk):
        member = self._seen(request, pk)
        if not self.has_change_permission(request, member):
            raise PermissionDenied
        if request.method == "POST" and "remove" in request.POST:
            remove_photo(member)
            messages.success(request, gettext("{name}: the photo was removed.").format(name=member))
            return HttpResponseRedirect(self.page_url(request, member))
        form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
        if form.is_valid():
            set_photo(member, form.cleaned_data["photo"])
            messages.success(request, gettext("{name}: photo saved.").format(name=member))
            return HttpResponseRedirect(self.page_url(request, member))
        context = {**self._frame(request, member), "title": _("Photo"), "form": form}
        return TemplateResponse(
            request, "admin/members/member/photo.html", context, status=422 if form.errors else 200
        )


def photo(request, pk):
    """The picture itself, for who may read the class of photos, and for oneself."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    if member.user_id != request.user.pk and not request.user.rights.may_read("photo", member.association_id):
        raise PermissionDenied
    if not member.photo or not default_storage.exists(member.photo):
        raise Http404
    response = FileResponse(default_storage.open(member.photo), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
