"""The identity number in full: on request, with a reason, recorded; and the registration form, masked or so."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from members.admin.sections import label_of, text_of
from members.privacy.viewings import note_viewing
from members.services import TooManyReveals, reveal_id_number
from organizations.frame import posted
from organizations.partial_dates import dotted

SHORTEST_REASON = 4


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=200,
        help_text=_("What the number is needed for. It is recorded with your name and the time."),
    )


class RevealScreen:
    """The part of the member's admin that shows one identity number in full. A GET never does."""

    def get_urls(self):
        def wrap(view):
            return self.admin_site.admin_view(view)

        return [
            path("<int:pk>/reveal/", wrap(self.reveal_view), name="members_member_reveal"),
            path("<int:pk>/form/", wrap(self.form_view), name="members_member_form"),
            *super().get_urls(),
        ]

    def may_reveal(self, request, member):
        return request.user.has_perm("members.reveal_identity") and request.user.rights.may_read(
            "id_number", member.association_id
        )

    def reveal_view(self, request, pk):
        member = self._seen(request, pk)
        if not self.may_reveal(request, member):
            raise PermissionDenied
        form, number = self._reveal(request, member) if member.id_sealed else (None, "")
        context = {
            **self._frame(request, member),
            "title": _("Identity number in full"),
            "form": form,
            "number": number,
        }
        return _not_kept(TemplateResponse(request, "admin/members/member/reveal.html", context), form)

    def form_view(self, request, pk):
        """The registration form (会员登记表) to print; with the number in full after a reason was given."""
        member = self._seen(request, pk)
        note_viewing(member, request.user)
        may_reveal = self.may_reveal(request, member) and member.id_sealed is not None
        if request.method == "POST" and not may_reveal:
            raise PermissionDenied
        form, number = self._reveal(request, member) if may_reveal else (None, "")
        context = {
            **self._frame(request, member),
            "title": _("Registration form"),
            "paper": registration_paper(member, request.user.rights, number),
            "form": form,
            "number": number,
        }
        return _not_kept(
            TemplateResponse(request, "admin/members/member/registration_form.html", context), form
        )

    def _reveal(self, request, member):
        """(the form that asks for the reason, the number if one was given with this request)."""
        form = RevealForm(posted(request))
        if request.method == "POST" and form.is_valid():
            try:
                return form, reveal_id_number(member, reason=form.cleaned_data["reason"], actor=request.user)
            except TooManyReveals as error:
                form.add_error(None, str(error))
        return form, ""


def _not_kept(response, form):
    """`response` with the order to keep no copy anywhere; 422 if the form was refused."""
    add_never_cache_headers(response)  # no-store is among them
    if form is not None and form.errors:
        response.status_code = 422
    return response


# Rows of the paper as (field, columns its value takes up of five); the first rows leave room for the photo
BESIDE_PHOTO = (
    (("name", 1), ("sex", 1), ("birth", 1)),
    (("ethnicity", 1), ("native_place", 1), ("political_status", 1)),
    (("work_started", 1), ("party_joined", 1), ("number", 1)),
    (("title", 3), ("title_level", 1)),
)
BELOW_PHOTO = (
    (("id_number", 3), ("joined", 2)),
    (("full_time", 6),),
    (("in_service", 6),),
    (("employer", 3), ("position", 2)),
    (("employer_kind", 3), ("qualification", 2)),
    (("category", 3), ("occupation", 2)),
    (("mobile", 1), ("office_phone", 1), ("wechat", 2)),
    (("address", 3), ("email", 2)),
    (("association_posts", 6),),
    (("social_posts", 6),),
    (("honours", 6),),
)


def registration_paper(member, rights, number=""):
    """What the registration form of `member` says to the reader of `rights`; `number` stands unmasked if given."""

    def cell(key, width):
        if key in ("full_time", "in_service"):
            parts = (text_of(member, f"{key}_{part}", rights) for part in ("education", "degree", "school"))
            label = _("Full-time education") if key == "full_time" else _("In-service education")
            return {"label": label, "text": "　".join(filter(None, parts)), "width": width}
        text = text_of(member, key, rights)
        if key in ("birth", "work_started", "party_joined", "joined") and rights.may_read(
            key, member.association_id
        ):
            text = dotted(getattr(member, key))
        if key == "id_number" and number:
            text = number
        return {"key": key, "label": label_of(key), "text": text, "width": width}

    return {
        "title": member.association.name,
        "beside_photo": [cell(*place) for row in BESIDE_PHOTO for place in row],
        "below_photo": [cell(*place) for row in BELOW_PHOTO for place in row],
    }
