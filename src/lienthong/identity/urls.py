"""Addresses of the room: mount at the root. Those of the sign-in library keep the names it knows them by."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.urls import URLPattern, URLResolver, include, path, re_path

from lienthong.identity.views import absences, entrance, library, officers, own

own_pages: list[URLPattern | URLResolver] = [
    path("", own.account, name="account"),
    path("vao/", entrance.home, name="home"),
    path("dieu-khoan/", entrance.terms, name="terms"),
    path("thong-tin/", own.profile, name="profile"),
    path("xac-nhan-so/", own.confirm_number, name="confirm_number"),
    path("vi-tri/", own.posts, name="posts"),
    path("vang-mat/", absences.away, name="away"),
    path("vang-mat/lanh-dao/", absences.leaders_away, name="leaders_away"),
    path("vang-mat/<int:absence_id>/ve/", absences.back, name="back"),
    path("can-bo/", officers.officers, name="officers"),
    path("can-bo/chon-vi-tri/", officers.choose_post, name="choose_post"),
    path("can-bo/them/<int:post_id>/", officers.create, name="create_officer"),
    path("can-bo/<int:account_id>/", officers.officer, name="officer"),
    path("can-bo/<int:account_id>/sua/", officers.correct, name="correct_officer"),
    path("can-bo/<int:account_id>/vi-tri/<int:post_id>/", officers.give_post, name="give_post"),
    path("can-bo/<int:account_id>/vi-tri/<int:post_id>/ket-thuc/", officers.end_post, name="end_post"),
    path("can-bo/<int:account_id>/duong-dan/", officers.password_link, name="password_link"),
    path("can-bo/<int:account_id>/khoa/", officers.deactivate, name="deactivate"),
    path("can-bo/<int:account_id>/mo/", officers.reactivate, name="reactivate"),
    path("can-bo/<int:account_id>/bo-bao-ve/", officers.remove_second_factors, name="remove_second_factors"),
]

signing_in: list[URLPattern | URLResolver] = [
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-nhap/khoa/", library.SignInByKey.as_view(), name="mfa_login_webauthn"),
    path("dang-nhap/ma/", mfa.authenticate, name="mfa_authenticate"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("dang-ky/", entrance.SignUpView.as_view(), name="account_signup"),
    path("da-khoa/", account.account_inactive, name="account_inactive"),
    path("xac-nhan-lai/", account.reauthenticate, name="account_reauthenticate"),
    path("xac-nhan-lai/ma/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("xac-nhan-lai/khoa/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("thu-dien-tu/", account.email, name="account_email"),
    path("thu-dien-tu/da-gui/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^thu-dien-tu/xac-nhan/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("mat-khau/", account.password_change, name="account_change_password"),
    path("mat-khau/dat/", account.password_set, name="account_set_password"),
    path("mat-khau/quen/", account.password_reset, name="account_reset_password"),
    path("mat-khau/quen/da-gui/", account.password_reset_done, name="account_reset_password_done"),
    path("mat-khau/quen/xong/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^mat-khau/quen/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("bao-ve/", mfa.index, name="mfa_index"),
    path("bao-ve/ung-dung/bat/", totp.activate_totp, name="mfa_activate_totp"),
    path("bao-ve/ung-dung/tat/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("bao-ve/ma-du-phong/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("bao-ve/ma-du-phong/tao/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("bao-ve/ma-du-phong/tai/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("bao-ve/khoa/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("bao-ve/khoa/them/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("bao-ve/khoa/<int:pk>/bo/", library.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("bao-ve/khoa/<int:pk>/doi-ten/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("thiet-bi/", sessions.list_usersessions, name="usersessions_list"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("tai-khoan/", include((own_pages, "identity"))),
    path("tai-khoan/", include(signing_in)),
]
