from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "lienthong.foundation.organisations"

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.foundation.fields.code_lists import provide
        from lienthong.foundation.fields.types.agencies import AGENCIES, ORGANISATIONS_AND_UNITS
        from lienthong.foundation.organisations import lists
        from lienthong.foundation.organisations.definition import ORGANISATIONS, PROVINCE, ROLE

        for kind in (ROLE, ORGANISATIONS, PROVINCE):
            register(kind)
        provide(AGENCIES, lists.agencies)
        provide(ORGANISATIONS_AND_UNITS, lists.all_of_them)
