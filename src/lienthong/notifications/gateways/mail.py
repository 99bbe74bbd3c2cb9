"""E-mail, by the mail server that the installation is set up with (or LT_HOME/mail)."""

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from lienthong.foundation.definitions.registry import Shape
from lienthong.foundation.organisations.queries import province
from lienthong.notifications.gateways import Gateway, Outgoing, Refused, Taken, Unavailable, register

_FOR_EVER = 500
"""Answers of SMTP from here on are final (RFC 5321, 4.2.1)."""


class MailOptions(Shape):
    """Nothing can be set here: the mail server is a setting of the installation."""


@register
class MailGateway(Gateway):
    """A message always has the same Message-ID, by which mail programs know a second copy."""

    key = "mail"
    reaches = ("email",)
    Options = MailOptions
    knows_repeats = True

    def send(self, message: Outgoing) -> Taken:
        mail = _mail(message)
        try:
            mail.send()
        except SMTPRecipientsRefused as refused:
            answers = list(refused.recipients.values())
            if answers and all(code >= _FOR_EVER for code, _said in answers):
                raise Refused(_written(answers[0])) from refused
            raise
        except (SMTPDataError, SMTPSenderRefused):
            raise
        except OSError as error:  # smtplib's other errors are such too
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        return Taken(reference=str(mail.extra_headers["Message-ID"]))


def _mail(message: Outgoing) -> EmailMultiAlternatives:
    with translation.override(message.language):
        given = {
            "name": message.recipient,
            "title": message.title,
            "text": message.text.strip(),
            "paragraphs": [each.strip() for each in message.text.split("\n\n") if each.strip()],
            "link": message.link,
            "portal": province().portal_name,
            "language": message.language,
        }
        mail = EmailMultiAlternatives(
            subject=message.title,
            body=render_to_string("notifications/mail/message.txt", given),
            to=[message.to],
            headers={
                "Message-ID": f"<notification.{message.id}@{urlsplit(settings.ORIGIN).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("notifications/mail/message.html", given), "text/html")
    return mail


def _written(answer: tuple[int, bytes]) -> str:
    code, said = answer
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
