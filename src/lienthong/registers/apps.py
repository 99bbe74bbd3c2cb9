from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "lienthong.registers"

    def ready(self) -> None:
        from lienthong.foundation.definitions.registry import register
        from lienthong.foundation.fields import entries
        from lienthong.procedures import receiving
        from lienthong.registers import jobs  # noqa: F401  makes its job known
        from lienthong.registers.attaching import jobs as uploads  # noqa: F401  makes its jobs known
        from lienthong.registers.choosing.entries import KEEPING
        from lienthong.registers.definition import REGISTER
        from lienthong.registers.exporting import jobs as exports  # noqa: F401  makes its jobs known
        from lienthong.registers.importing import jobs as imports  # noqa: F401  makes its jobs known
        from lienthong.registers.open_data import jobs as open_data  # noqa: F401  makes its jobs known
        from lienthong.registers.proposals import jobs as proposals  # noqa: F401  makes its jobs known
        from lienthong.registers.receiving.room import ROOM
        from lienthong.registers.retention import jobs as retention  # noqa: F401  makes its jobs known

        register(REGISTER)
        entries.keep(KEEPING)
        receiving.receive_with(ROOM)
