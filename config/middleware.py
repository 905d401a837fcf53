from django.conf import settings
from django.utils import translation


class LanguageMiddleware:
    """Simplified Chinese unless the reader chose another language with the switch.

    Django's own LocaleMiddleware follows the browser's header; offices whose browsers ask for English would get
    English screens. The choice is kept in the language cookie that the `set_language` view writes.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.languages = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in self.languages else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
