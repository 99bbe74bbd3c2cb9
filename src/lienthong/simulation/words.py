"""Words that forms are filled in with: numbers spelled out, and what people write where nothing else is known."""

from datetime import date

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_THOUSANDS = ("", "nghìn", "triệu", "tỷ")


def spelled(number: int) -> str:
    """A number below a thousand billion as it is read aloud: 105 is một trăm linh năm."""
    if number == 0:
        return DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 1000)
        groups.append(group)
    words: list[str] = []
    for place in reversed(range(len(groups))):
        if groups[place]:
            words += [*_hundreds(groups[place], leading=place == len(groups) - 1), _THOUSANDS[place]]
    return " ".join(filter(None, words))


def _hundreds(number: int, *, leading: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [] if leading and not hundreds else [DIGITS[hundreds], "trăm"]
    if rest and rest < 10 and words:
        words.append("linh")
    return [*words, *_tens(rest)] if rest else words


def _tens(number: int) -> list[str]:
    tens, ones = divmod(number, 10)
    words = [] if not tens else ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    if ones == 1 and tens > 1:
        return [*words, "mốt"]
    if ones == 5 and tens:
        return [*words, "lăm"]
    return [*words, DIGITS[ones]] if ones else words


def money(amount: int) -> str:
    """Một trăm triệu đồng."""
    return f"{spelled(amount)} đồng".capitalize()


def day(moment: date) -> str:
    """A day as civil status papers spell it: Ngày mười lăm, tháng ba, năm hai nghìn không trăm hai mươi lăm."""
    month = "tư" if moment.month == 4 else spelled(moment.month)
    return f"Ngày {spelled(moment.day)}, tháng {month}, năm {spelled(moment.year)}"


REASONS = {
    "request-supplement": (
        "Bản chụp giấy tờ bị mờ, đề nghị chụp lại rõ bốn góc.",
        "Giấy tờ kèm theo đã hết hạn, đề nghị bổ sung bản còn hiệu lực.",
        "Địa chỉ trong tờ khai khác với giấy tờ kèm theo, đề nghị giải trình.",
        "Thiếu trang có xác nhận của cơ quan cấp, đề nghị bổ sung.",
    ),
    "refuse": (
        "Hồ sơ không thuộc thẩm quyền tiếp nhận của cơ quan.",
        "Người nộp không phải là người có quyền yêu cầu thực hiện thủ tục.",
    ),
    "stop": (
        "Không đủ điều kiện theo quy định của pháp luật chuyên ngành.",
        "Thông tin khai không đúng với kết quả xác minh.",
    ),
    "request-payment": ("Đề nghị nộp lệ phí theo thông báo kèm theo.", "Đề nghị nộp thuế trước khi nhận kết quả."),
    "back": (
        "Sai thông tin nhân thân, đề nghị kiểm tra lại với hồ sơ.",
        "Thể thức văn bản chưa đúng, đề nghị sửa.",
        "Cần bổ sung căn cứ trước khi trình ký.",
    ),
    "other": ("Đã kiểm tra hồ sơ.",),
}

SUPPLEMENTS = (
    "Tôi gửi lại bản chụp rõ hơn.",
    "Tôi đã bổ sung giấy tờ theo yêu cầu.",
    "Tôi xin giải trình: địa chỉ mới theo sắp xếp đơn vị hành chính.",
)

TO_APPLICANTS = (
    "Mời ông/bà chuẩn bị bản chính giấy tờ để đối chiếu khi nhận kết quả.",
    "Cán bộ sẽ đến kiểm tra thực địa trong tuần này, đề nghị ông/bà có mặt.",
    "Hồ sơ đang được trình lãnh đạo ký, ông/bà chưa cần đến.",
)

QUESTIONS = (
    "Cho tôi hỏi hồ sơ của tôi đến bước nào rồi ạ?",
    "Tôi cần kết quả sớm để vay vốn, có thể trả trước hẹn được không?",
    "Tôi có cần mang bản chính đến khi nhận kết quả không?",
    "Tôi đổi số điện thoại thì báo ở đâu ạ?",
    "Hồ sơ của tôi còn thiếu gì không, mong cán bộ trả lời giúp.",
)

ANSWERS = (
    "Hồ sơ đang được xử lý đúng hạn, ông/bà sẽ nhận tin nhắn khi có kết quả.",
    "Khi nhận kết quả, ông/bà mang theo căn cước và giấy tiếp nhận.",
    "Hồ sơ đã đủ giấy tờ, hiện đang chờ lãnh đạo ký.",
    "Ông/bà sửa số điện thoại trong phần Tài khoản, hệ thống sẽ báo tin theo số mới.",
    "Bộ phận chuyên môn đang kiểm tra thực địa, dự kiến đúng ngày hẹn trả.",
)

MORE_TIME = "Cần thêm thời gian xác minh với cơ quan liên quan."
NO_MORE_TIME = "Còn đủ thời gian, đề nghị giải quyết đúng hẹn."
GIVEN = "Đồng chí phụ trách địa bàn tiếp tục xử lý."
TAKEN_OVER = "Người được giao vắng mặt, hồ sơ sắp đến hạn."
UNDONE = "Tiếp nhận nhầm thủ tục, trả lại bộ phận một cửa."
PAID = "Đã nộp đủ, có biên lai kèm theo."
AWAY = "Nghỉ phép."

WITHDRAWALS = ("Tôi không còn nhu cầu.", "Tôi khai nhầm thủ tục, xin rút để nộp lại.", "Gia đình thay đổi kế hoạch.")

MANDATE = "Giấy ủy quyền có xác nhận của UBND xã"

CHANGED_BECAUSE = (
    "Theo đề nghị của chủ thể.",
    "Cập nhật theo kết quả kiểm tra định kỳ.",
    "Thay đổi theo quyết định mới.",
    "Cập nhật theo báo cáo của UBND cấp xã.",
)
CORRECTED_BECAUSE = (
    "Nhập nhầm so với hồ sơ giấy.",
    "Sai khi chuyển từ sổ giấy sang.",
    "Đối chiếu lại với bản gốc.",
)
ENDED_BECAUSE = (
    "Hết hiệu lực theo quy định.",
    "Chấm dứt theo đề nghị của chủ thể.",
    "Đã được thay bằng bản ghi mới.",
)
APPROVED_WITH = ("", "", "Đồng ý.", "Đã đối chiếu hồ sơ, đồng ý.")
REFUSED_BECAUSE = (
    "Không có giấy tờ làm căn cứ.",
    "Bản gốc ghi đúng như trong cơ sở dữ liệu.",
    "Đã có đề nghị khác về cùng nội dung.",
)
RETURNED_BECAUSE = (
    "Ghi rõ số, ngày của văn bản làm căn cứ.",
    "Kiểm tra lại với sổ giấy rồi gửi lại.",
)
COMPLETED_BY = "Đã đối chiếu với sổ giấy."
FILLED_BECAUSE = "Bổ sung liên kết với bản ghi có liên quan."
