from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "lienthong.directives"
