"""What this room holds about a person."""

from allauth.usersessions.models import UserSession
from django.db.models import Q

from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.identity.models import Account, Mandate, Person
from lienthong.identity.profile import GENDERS
from lienthong.identity.queries import address_line
from lienthong.personal.sources import Part, holds


@holds("tai-khoan")
def account(account_id: int) -> Part:
    own = Account.objects.get(pk=account_id)
    person = Person.objects.filter(account=own).first() or Person(account=own)
    today = clock.today()
    return Part(
        {
            "ten_dang_nhap": own.username,
            "ho_ten": own.full_name,
            "dien_thoai": own.phone,
            "thu_dien_tu": own.email,
            "ngay_tao": clock.local(own.created_at),
            "so_dinh_danh": person.person_id,
            "xac_nhan_so_dinh_danh_luc": clock.local(person.confirmed_at) if person.confirmed_at else None,
            "ngay_sinh": person.born,
            "gioi_tinh": PUBLISHED.code_list(GENDERS, today).name(person.gender, today),
            "noi_o": address_line(person.address_unit, person.address_detail),
            "uy_quyen": [
                {
                    "nguoi_nop_thay": each.agent_name,
                    "nop_thay_cho": each.name,
                    "so_dinh_danh_hoac_ma_so_thue": each.identity,
                    "tu_cach": each.get_kind_display(),
                    "trang_thai": each.get_state_display(),
                    "tu_ngay": each.valid_from,
                    "den_ngay": each.valid_to,
                }
                for each in Mandate.objects.filter(Q(agent=own) | Q(account=own)).order_by("pk")
            ],
            "thiet_bi": [
                {
                    "dia_chi_mang": each.ip,
                    "trinh_duyet": each.user_agent,
                    "dang_nhap": clock.local(each.created_at),
                    "lan_cuoi": clock.local(each.last_seen_at),
                }
                for each in UserSession.objects.filter(user=own).order_by("pk")
            ],
        }
    )
