from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PersonalConfig(AppConfig):
    name = "lienthong.personal"

    def ready(self) -> None:
        from lienthong.personal import jobs  # noqa: F401  makes its jobs known

        autodiscover_modules("personal_data")  # what the other rooms hold
