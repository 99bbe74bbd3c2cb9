from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "lienthong.foundation.organisations"

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.foundation.organisations.definition import ORGANISATIONS, PROVINCE, ROLE

        for kind in (ROLE, ORGANISATIONS, PROVINCE):
            register(kind)
