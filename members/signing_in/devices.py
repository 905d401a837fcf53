"""What a browser calls itself, in words: "Chrome，Windows" instead of the whole line it sends."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

# the first that fits: most browsers also name those they are built like
BROWSERS = (
    (r"MicroMessenger", pgettext_lazy("browser", "WeChat")),
    (r"DingTalk", pgettext_lazy("browser", "DingTalk")),
    (r"QQBrowser|MQQBrowser", pgettext_lazy("browser", "QQ Browser")),
    (r"UCBrowser|UBrowser", pgettext_lazy("browser", "UC Browser")),
    (r"QIHU|360SE|360EE", pgettext_lazy("browser", "360 Browser")),
    (r"MetaSr|Sogou", pgettext_lazy("browser", "Sogou Browser")),
    (r"HuaweiBrowser", pgettext_lazy("browser", "Huawei Browser")),
    (r"MiuiBrowser", pgettext_lazy("browser", "Xiaomi Browser")),
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrome|CriOS", "Chrome"),
    (r"MSIE|Trident", "Internet Explorer"),
    (r"Safari", "Safari"),
)
SYSTEMS = (
    (r"HarmonyOS|OpenHarmony", pgettext_lazy("system", "HarmonyOS")),
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android.*Mobile", pgettext_lazy("system", "Android phone")),
    (r"Android", pgettext_lazy("system", "Android tablet")),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", pgettext_lazy("system", "Mac")),
    (r"UOS|Deepin|Kylin", pgettext_lazy("system", "Kylin or UOS")),
    (r"Linux|X11", "Linux"),
)


def device_of(user_agent):
    """Browser and system that `user_agent`, a browser's own line, speaks of."""
    parts = [_first(SYSTEMS, user_agent), _first(BROWSERS, user_agent)]
    return " · ".join(str(part) for part in parts if part) or _("Unknown device")


def _first(table, text):
    return next((name for pattern, name in table if re.search(pattern, text)), "")
