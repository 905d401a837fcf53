from django.shortcuts import render


def me(request):
    return render(request, "members/me.html", {"member": getattr(request.user, "member", None)})
