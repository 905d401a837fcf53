import base64

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.models import Member
from members.photos import Part, crop, fits, is_wide, remove_photo, set_photo
from members.portal.forms import CodeForm, PartForm, PhotoForm, own_form
from members.portal.frame import for_members, render_portal
from members.portal.record import SECTIONS, own_facts, own_label
from members.portal.signing_in import (
    CannotSignIn,
    awaited_mobile,
    email_of_link,
    offer_sign_in_by_email,
    offer_sign_in_by_mobile,
    sign_in_by_code,
    sign_in_by_email,
)
from members.signing_in.limits import within_limit

# of the pictures to choose a part from
PREVIEW = (150, 200)


@for_members
@never_cache
def profile(request, member):
    """The reader's own record, to read first; by section to what can be changed."""
    return render_portal(request, "portal/profile.html", member, {"sections": own_facts(member)})


@for_members
@never_cache
@require_http_methods(["GET", "POST"])
@transaction.atomic
def profile_section(request, member, section):
    """The fields of one section that are changed at once."""
    section = next((each for each in SECTIONS if each.key == section and each.direct), None)
    if section is None:
        raise Http404
    if request.method == "POST":
        # lock first: of two tabs the second sees what the first has done
        member = Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
    form = own_form(section.direct)(request.POST if request.method == "POST" else None, instance=member)
    if form.is_valid():
        goes_on = _sign_in_as_wished(request, form)
        if not form.errors:
            _save(request, form)
            return redirect(goes_on)
    for sentence in form.notices(request.user) if form.is_bound else ():
        messages.info(request, sentence)
    context = {"section": section, "form": form}
    return render_portal(
        request, "portal/profile_section.html", member, context, status=422 if form.is_bound else 200
    )


def _sign_in_as_wished(request, form):
    """Take over what the member wants to sign in with, or leave an error at the box; the page to go on to."""
    user, data = request.user, form.cleaned_data
    mobile = data["mobile"] if data.get("sign_in_mobile") and data["mobile"] != user.phone else ""
    email = data["email"] if data.get("sign_in_email") and data["email"] != user.email else ""
    if not mobile and not email:
        return "portal:profile"
    # whoever holds a phone that was left lying must not get the account
    raise_if_reauthentication_required(request, app="")
    if not within_limit(request, "sign_in_with"):
        form.add_error(None, _("That was tried too often. Wait an hour, then try once more."))
        return ""
    # the number last: only this may change anything here
    wish, code_sent = "", False
    try:
        if email:
            wish = "sign_in_email"
            offer_sign_in_by_email(request, email)
        if mobile:
            wish = "sign_in_mobile"
            code_sent = offer_sign_in_by_mobile(request, mobile)
    except CannotSignIn as error:
        form.add_error(wish, str(error))
        return ""
    if mobile and not code_sent:
        messages.success(request, _("From now on you sign in with {number}.").format(number=mobile))
    if email:
        sentence = _("A letter went to {email}. Open the link in it, then you can sign in with this address.")
        messages.info(request, sentence.format(email=email))
    return "portal:sign_in_mobile" if code_sent else "portal:profile"


@for_members
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_mobile(request, member):
    """The code that went to a number with which the reader wants to sign in."""
    number = awaited_mobile(request)
    form = CodeForm(request.POST or None)
    if form.is_valid() and number:
        try:
            if sign_in_by_code(request, form.cleaned_data["code"]):
                messages.success(request, _("From now on you sign in with {number}.").format(number=number))
                return redirect("portal:profile")
            form.add_error("code", _("This code is not correct."))
        except CannotSignIn as error:
            form.add_error("code", str(error))
    context = {"number": awaited_mobile(request), "form": form}
    return render_portal(
        request, "portal/sign_in_mobile.html", member, context, status=422 if form.is_bound else 200
    )


def _save(request, form):
    diff = form.instance.pending_diff()
    if diff:
        form.instance.save(update_fields=list(diff))
        labels = [str(capfirst(own_label(key))) for key in form.fields if key in diff]
        messages.success(request, _("Saved: {fields}.").format(fields="、".join(labels)))
    else:
        messages.info(request, _("Nothing was changed."))
    for sentence in form.notices(request.user):
        messages.info(request, sentence)


@for_members
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_email(request, member, signed):
    """Where the letter's link leads: sign in with its address from now on? The answer is a POST."""
    email = email_of_link(request.user, signed)
    if request.method == "POST" and email:
        try:
            sign_in_by_email(request.user, email)
        except CannotSignIn as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("From now on you can sign in with {email}.").format(email=email))
        return redirect("portal:profile")
    return render_portal(
        request, "portal/sign_in_email.html", member, {"email": email}, status=200 if email else 404
    )


# -- the photo


@for_members
@never_cache
@require_http_methods(["GET", "POST"])
def photo(request, member):
    """Put in, cut to shape, take away one's own photo."""
    if "remove" in request.POST:
        remove_photo(member)
        messages.success(request, _("The photo was removed."))
        return redirect("portal:photo")
    if "picture" in request.POST:
        form = PartForm(request.POST)
        if form.is_valid():
            return _photo_saved(request, member, form.photo)
        messages.error(request, _("Choose the photo once more."))
        return redirect("portal:photo")
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if form.is_valid():
        whole = form.cleaned_data["photo"]
        if fits(whole):
            return _photo_saved(request, member, crop(whole, Part.MIDDLE))
        return render_portal(request, "portal/photo_part.html", member, _parts_of(whole))
    return render_portal(
        request, "portal/photo.html", member, {"form": form}, status=422 if form.is_bound else 200
    )


def _photo_saved(request, member, content):
    set_photo(member, content)
    messages.success(request, _("Your photo is saved."))
    return redirect("portal:photo")


def _parts_of(whole):
    """What the page needs to choose a part of the JPEG `whole`: it itself, and what each part would look like."""
    names = {
        True: [_("Left part"), _("Middle"), _("Right part")],
        False: [_("Upper part"), _("Middle"), _("Lower part")],
    }[is_wide(whole)]
    return {
        "picture": _text(whole),
        "parts": [
            (part, name, _text(crop(whole, part, PREVIEW))) for part, name in zip(Part, names, strict=True)
        ],
        "chosen": Part.MIDDLE,
    }


def _text(content):
    return base64.b64encode(content).decode()
