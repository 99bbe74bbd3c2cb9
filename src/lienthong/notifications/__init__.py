"""One message, many channels: in the application, by e-mail, SMS, Zalo.

A room that tells people something says what it may tell, in a file `notifying.py` that is found when Django starts:

    ABOUT_DOSSIERS = group("dossiers", _("Your dossiers"))
    RECEIVED = message("dossier-received", _("A dossier was received"), ABOUT_DOSSIERS, gives={"code": "H16.15-…"})

and tells it inside the transaction of the change, or from a subscription to the ledger:

    notify(
        kind=RECEIVED,
        to=Recipient(account_id=dossier.account_id, phone=dossier.applicant_phone, email=dossier.applicant_email),
        subject=("dossier", dossier.pk),
        key=str(entry.id),                       # the same key is told once
        context={"code": dossier.code},          # what the kind gives, no more
        link="/ho-so-cua-toi/12/",
    )

How it is worded is declared (`message-template`, one for each kind of message), and which ways lead to people is
declared too (`message-channel`). What is told is kept as it was worded then.
"""
