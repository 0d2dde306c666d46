## Báo cáo ngày, báo cáo ca: trang web và PDF dùng chung những câu này.

brief-unknown = Chưa rõ
brief-authority = Ủy ban nhân dân { $site }
brief-centre = Trung tâm Giám sát, Điều hành thông minh
brief-nation = Cộng hòa xã hội chủ nghĩa Việt Nam
brief-motto = Độc lập – Tự do – Hạnh phúc
brief-place-and-date = { $place }, ngày { $day } tháng { $month } năm { $year }
brief-title = { $name }
brief-period = Từ { $start } đến { $end }
brief-made = Lập bởi { $by } lúc { $at }, số { $id }
brief-warning = { $whole ->
        [yes] Số liệu trong báo cáo này là { $badges }, không phải sự việc thật.
       *[no] Báo cáo này có một phần số liệu { $badges }, không phải sự việc thật.
    }
brief-by-centre = hệ thống (tự động)
brief-page = Trang
brief-value = { NUMBER($value) } { $unit }
brief-seconds = { $n } giây
brief-minutes = { $n } phút
brief-hours = { $n } giờ { $m ->
        [0] {""}
       *[other] { $m } phút
    }
brief-days = { $n } ngày { $h ->
        [0] {""}
       *[other] { $h } giờ
    }

brief-summary = Tóm tắt
brief-figure-alerts = cảnh báo mới (kỳ trước { $before })
brief-figure-grave = cấp 4, cấp 5 (kỳ trước { $before })
brief-figure-incidents = sự cố mới, { $open } đang mở
brief-figure-late = nhiệm vụ quá hạn trong { $open } đang làm
brief-figure-met = chỉ tiêu đạt
brief-said-alerts = Trong kỳ có { $raised } cảnh báo mới, kỳ trước { $before }. Cuối kỳ còn { $open } cảnh báo đang mở, { $unanswered } chưa xác nhận. { $known ->
        [yes] Thời gian xác nhận trung vị: { $median }.
        [no] Chưa có cảnh báo nào được xác nhận trong kỳ.
       *[none] {""}
    }
brief-said-most = Nơi có nhiều cảnh báo nhất: { $place }, { $raised } cảnh báo.
brief-said-incidents = Tiếp nhận { $received } sự cố, xử lý xong { $done }; cuối kỳ còn { $open } sự cố đang mở, { $late } quá hạn, { $unowned } chưa giao đơn vị nào.
brief-said-tasks = Giao { $given } nhiệm vụ, hoàn thành { $done }, quá hạn { $late }.
brief-said-missed = { $count } chỉ tiêu không đạt: { $named }.
brief-said-history = Ngoài ra có { $count } cảnh báo xét lại từ số liệu đã qua, không tính vào các con số trên.

brief-alerts = 1. Cảnh báo
brief-severity = Số cảnh báo mới
brief-total = Cộng
brief-now = Kỳ này
brief-before = Kỳ trước
brief-no-alerts = Trong kỳ không có cảnh báo mới.
brief-chart-load = Cảnh báo mới theo thời gian
brief-chart-areas = Cảnh báo mới theo địa bàn
brief-worst = Những cảnh báo nghiêm trọng nhất
brief-level-n = Cấp { $n }
brief-level = Cấp
brief-alert-and-response = Cảnh báo và việc cần làm
brief-place = Địa bàn
brief-raised-at = Phát sinh
brief-state = Tình trạng
brief-cleared = Hết lúc { $at }
brief-active = Đang diễn ra
brief-closed = Đã đóng
brief-not-acknowledged = Chưa xác nhận
brief-acknowledged = Xác nhận { $at }

brief-incidents = 2. Sự cố và thời gian xử lý
brief-medians = Trung vị từ lúc phát sinh: đến xác nhận { $acknowledged }, đến giao việc { $assigned }, đến khi xong { $done }.
brief-no-incidents = Trong kỳ không có sự cố.
brief-incident = Sự cố
brief-owner = Đơn vị xử lý
brief-nobody = Chưa giao
brief-due = Hạn { $at }
brief-overdue = Quá hạn { $at }
brief-gathers = { $count } cảnh báo · số { $id }
brief-to-acknowledged = Xác nhận sau
brief-to-assigned = Giao sau
brief-to-done = Xong sau

brief-tasks = 3. Nhiệm vụ quá hạn và sắp đến hạn
brief-no-late = Không có nhiệm vụ quá hạn.
brief-task = Nhiệm vụ
brief-given-by = Người giao
brief-due-at = Hạn
brief-over = Quá { $by }
brief-in-time = Trong hạn

brief-indicator = Chỉ tiêu
brief-value-head = Giá trị
brief-target = Mục tiêu
brief-previous = Kỳ trước
brief-trend = Xu hướng
brief-standing = Đánh giá
brief-change-better = tốt lên
brief-change-worse = xấu đi
brief-change-same = giữ nguyên
brief-change-unknown = {""}
brief-coverage = đủ { $share } % số liệu

brief-duty = Trực ca và bàn giao
brief-no-shifts = Chưa có lịch trực cho kỳ này.
brief-shift = Ca trực
brief-people = Người trực
brief-phone = Điện thoại
brief-handover = { $at }: { $giver } bàn giao cho { $taker }, { $confirmed ->
        [yes] đã nhận lúc { $when }
       *[no] chưa xác nhận
    }. Nội dung: { $note }
brief-no-handovers = Trong kỳ không có biên bản bàn giao.

brief-signer-maker = Người lập báo cáo
brief-signer-lead = Trưởng ca
brief-signer-leader = Lãnh đạo
