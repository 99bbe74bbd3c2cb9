from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldsConfig(AppConfig):
    name = "lienthong.foundation.fields"
    label = "fields"
    verbose_name = _("Fields")

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.foundation.fields import types  # noqa: F401  makes the types of fields known
        from lienthong.foundation.fields.code_lists import CODE_LIST

        register(CODE_LIST)
