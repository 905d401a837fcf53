from organizations.models.history import acting


class HistoryMiddleware:
    """All recorded writes of one request are one action of the signed-in user."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        def actor():
            return request.user if request.user.is_authenticated else None

        with acting(actor):
            return self.get_response(request)
