# Chữ trên màn hình của trung tâm. Tệp này dùng chung cho trình duyệt và máy chủ.

wall-title = Trung tâm điều hành thông minh
wall-boards = Các bảng
wall-starting = Đang nối tới máy chủ của trung tâm…
wall-unreachable = Không liên lạc được với máy chủ. Đang tự thử lại.
wall-login-needed = Màn hình này cần đăng nhập.
wall-board-none = Tỉnh này chưa có bảng “{ $board }”. Xin chọn một bảng:
wall-panel-broken = Ô này đang lỗi; các ô khác vẫn chạy. Ô sẽ tự thử lại sau 30 giây.
wall-close = Đóng
wall-cancel = Thôi
wall-language-other = English
wall-theme-light = Nền sáng
wall-theme-dark = Nền tối

# Liên kết và độ tin cậy
wall-link-connecting = Đang nối
wall-link-live = Trực tiếp
wall-link-lost = Mất liên lạc
wall-link-refused = Cần đăng nhập
wall-link-past = QUÁ KHỨ
wall-link-lost-banner = Mất liên lạc với máy chủ { $n } giây. Số liệu trên màn hình đã cũ; đang tự nối lại.
wall-lag = Trễ dữ liệu
wall-seconds = giây
wall-origin-simulated = Mô phỏng
wall-origin-exercise = Diễn tập
wall-origin-replay = Phát lại
wall-origin-real = Số liệu thật
wall-origin-unknown = Chưa rõ nguồn
wall-undescribed = Chưa khai báo

wall-age-seconds = { $n } giây
wall-age-minutes = { $n } phút
wall-age-hours = { $n } giờ
wall-age-days = { $n } ngày
wall-stale = cũ { $age }
wall-quality-good = tốt
wall-quality-suspect = nghi ngờ
wall-quality-bad = kém
wall-quality-stale = Đã cũ
wall-quality-missing = chưa có

# Người dùng
wall-login = Đăng nhập
wall-logout = Thoát
wall-username = Tên đăng nhập
wall-password = Mật khẩu
wall-login-wrong = Sai tên đăng nhập hoặc mật khẩu.
wall-too-many = Thử quá nhiều lần. Xin đợi một phút.
wall-role-operator = trực vận hành
wall-role-supervisor = trưởng ca
wall-role-leader = lãnh đạo
wall-role-handler = đơn vị xử lý
wall-role-developer = nhà phát triển
wall-role-admin = quản trị

# Cảnh báo
wall-severity-1 = Cấp 1 thấp
wall-severity-2 = Cấp 2 trung bình
wall-severity-3 = Cấp 3 lớn
wall-severity-4 = Cấp 4 rất lớn
wall-severity-5 = Cấp 5 thảm họa
wall-alerts-open = Cảnh báo đang mở
wall-alerts-worst = Cảnh báo nặng nhất
wall-alerts-none = Không có cảnh báo nào đang mở
wall-alerts-count = { $waiting } chờ xác nhận / { $open } đang mở
wall-alerts-aside = { $n } cảnh báo đang gác hoặc nén
wall-alerts-past = Gần đây, đã kết thúc
wall-alerts-past-none = Chưa có cảnh báo nào kết thúc
wall-past-history = xét lại từ số liệu cũ
wall-past-acknowledge = tự hết, đã xác nhận
wall-past-clear = đã xác nhận, sau đó hết
wall-past-close = trưởng ca đóng
wall-acknowledge = Xác nhận
wall-acknowledge-title = Xác nhận cảnh báo
wall-note = Ghi chú
wall-not-allowed = Vai trò của bạn không được xác nhận cảnh báo này.
wall-too-late = Đã có người xử lý trước. Trạng thái hiện nay: { $state }.
wall-alert-unacknowledged = Chờ xác nhận
wall-alert-acknowledged = Đã xác nhận
wall-alert-returned = Đã trở lại, chờ xác nhận
wall-alert-normal = Đã xong
wall-alert-since = Bắt đầu
wall-alert-cleared = Hết lúc
wall-alert-value = Giá trị
wall-alert-limit = Ngưỡng
wall-alert-response = Việc cần làm
wall-by-centre = trung tâm
wall-alert-steps = Diễn biến
wall-alert-gone = Cảnh báo đã đóng
wall-alert-gone-note = Cảnh báo này không còn mở. Toàn bộ diễn biến nằm trong nhật ký.
wall-step-acknowledge = xác nhận
wall-step-shelve = gác
wall-step-unshelve = bỏ gác
wall-step-comment = ghi chú
wall-step-close = đóng
wall-step-raise = phát sinh
wall-step-clear = hết điều kiện

# Chỉ tiêu
wall-standing-on-target = Đạt
wall-standing-at-risk = Nguy cơ
wall-standing-off-target = Không đạt
wall-standing-unknown = Chưa rõ
wall-target = mục tiêu
wall-previous = Kỳ trước: { $value }
wall-coverage = phủ { $n } %
wall-illustrative = minh họa
wall-indicator-none = Chưa tính được: chưa có số liệu đầu vào
source-S2 = S2, 6/2022

# Bản đồ, đối tượng
wall-map-sum = { $n } đối tượng
wall-map-none = Chưa có ranh giới và vị trí để vẽ
wall-newest = Mới xuất hiện
wall-newest-none = Chưa có đối tượng mới
wall-heard = Vừa nhận số liệu
wall-mark-plain = Bình thường
wall-mark-stale = Dữ liệu cũ
wall-mark-off = Mất kết nối
wall-area = Đơn vị hành chính
wall-communes = Xã, phường
wall-surface = Diện tích
wall-population = Dân số
wall-things-here = Đối tượng ({ $n })
wall-things-none = Chưa có đối tượng nào
wall-thing-unknown = Chưa nghe thấy đối tượng này
wall-thing-online = hoạt động
wall-thing-offline = mất kết nối
wall-thing-silent = im lặng
wall-gateway = Nói thay cho { $n } đối tượng (hoạt động / tất cả)
wall-gateway-share = { $n } / { $all }
wall-limits = Ngưỡng của đối tượng

# Biểu đồ, tình trạng, độ tươi
wall-last-hours = { $n } giờ qua
wall-reading = Đang đọc…
wall-chart-none = Chưa có quan trắc nào trong khoảng này
wall-unread = Chưa đọc được
wall-status-none = Chưa có đối tượng loại “{ $kind }”
wall-status-fine = { $n }/{ $all } tốt
wall-fresh-live = Tươi
wall-fresh-stale = Cũ
wall-fresh-missing = Thiếu
wall-fresh-sum = { $live }/{ $all } luồng tươi
wall-kind-unknown = Chưa rõ loại

# Đơn vị
unit-people = người
unit-of-dossiers-overdue = hồ sơ
unit-of-dossiers-received = hồ sơ
unit-of-rivers-above-alarm-1 = { $n ->
   *[other] sông
}
unit-of-people-waiting = người/bộ phận
unit-of-air-highest = AQI
unit-of-air-mean = AQI

# Tên ngắn, cho chỗ hẹp
wall-target-none = chưa có mục tiêu
wall-fresh-key = luồng tươi·cũ·thiếu
wall-kind-recording = Bản ghi phát lại
wall-kind-undescribed = Chưa khai báo
wall-kind-integration-bus = Trục tích hợp
wall-kind-video-endpoint = Điểm cầu họp
wall-kind-document-exchange = Liên thông VB
wall-kind-one-stop-shop = Một cửa
wall-kind-data-centre-room = Phòng máy chủ
wall-kind-telecom-station = Viễn thông
wall-limit-alarm-1 = BĐ I
wall-limit-alarm-2 = BĐ II
wall-limit-alarm-3 = BĐ III

# Bảng, bảng xếp hạng, sự cố, bản ghi
wall-more = và { $n } dòng nữa
wall-unseen = { $n } chưa hiện
wall-time = Lúc
wall-needs-login = Nội dung này chỉ dành cho người đã đăng nhập.
wall-ranking-none = Chưa có chỉ tiêu nào tính theo địa bàn
wall-matrix-key = hoạt động/tất cả
wall-trend-none = Chưa đủ số liệu để vẽ
wall-last-days = { $n } ngày qua
wall-rank = hạng { $n }
wall-alerts-n = { $n } cảnh báo
wall-incidents-none = Không có sự cố nào đang mở
wall-tasks-none = Không có nhiệm vụ nào đang mở
wall-cases-count = { $open } đang mở / { $late } quá hạn
wall-incident-received = mới tiếp nhận
wall-incident-verified = đã xác minh
wall-incident-assigned = đã giao
wall-incident-in-progress = đang xử lý
wall-incident-done = đã xử lý, chờ kiểm tra
wall-incident-closed = đã đóng
wall-task-assigned = đã giao
wall-task-accepted = đã nhận
wall-task-done = đã xong
wall-task-returned = trả lại
wall-task-closed = đã đóng
wall-task-from = { $who } giao
wall-owner-none = chưa giao đơn vị
wall-due-none = chưa có hạn
wall-due = hạn
wall-late = quá hạn
wall-records-none = Chưa có bản ghi nào
wall-records-newest = { $n } bản ghi gần nhất
wall-review-raised = phát sinh
wall-review-cleared = đã hết
wall-review-open = đang mở
wall-review-assigned = đã giao
wall-review-late = quá hạn
wall-review-since = từ { $time }
record-state-received = đã tiếp nhận
record-state-processing = đang giải quyết
record-state-done = đã giải quyết
record-state-late = quá hạn
record-field-environment = Môi trường
record-field-roads = Đường sá
record-field-power = Điện
record-field-water = Nước
record-field-public-order = Trật tự công cộng
record-field-land = Đất đai
record-field-procedures = Thủ tục hành chính
record-field-staff = Thái độ phục vụ
record-channel-app = Ứng dụng di động
record-channel-hotline-1022 = Tổng đài 1022
record-channel-portal = Cổng thông tin
record-channel-social = Mạng xã hội
record-state-verified = đã xác minh
record-state-assigned = đã chuyển
record-state-in-progress = đang xử lý
record-state-published = đã công khai
record-state-refused = từ chối
wall-indicator = Chỉ tiêu
wall-target-name = Mục tiêu
wall-previous-name = Kỳ trước
wall-previous-year = Cùng kỳ năm trước
wall-coverage-name = Độ phủ số liệu
wall-oldest-input = Số liệu cũ nhất
wall-owner = Đơn vị chịu trách nhiệm
wall-source = Nguồn
wall-lineage = Cách tính
wall-inputs = Số liệu đầu vào ({ $n })
wall-incident = Sự cố
wall-incident-gone = Sự cố đã đóng
wall-incident-gone-note = Sự cố này không còn mở. Toàn bộ diễn biến nằm trong nhật ký.
wall-late-now = Quá hạn
wall-due-name = Hạn xử lý
wall-root = Nguyên nhân
wall-tasks = Nhiệm vụ
wall-step-receive = tiếp nhận
wall-step-verify = xác minh
wall-step-supplement = yêu cầu bổ sung
wall-step-remind = nhắc hạn
wall-step-late = quá hạn
wall-step-escalate = báo lãnh đạo
wall-step-assign = giao xử lý
wall-step-start = bắt đầu xử lý
wall-step-progress = cập nhật
wall-step-done = báo đã xử lý
wall-step-return = trả lại
wall-step-link = gắn cảnh báo
wall-step-split = tách cảnh báo
wall-step-seen = đã xem
wall-step-accept = nhận việc

# Luân phiên, âm thanh, phím
wall-turn = { $index }/{ $of } · { $left } giây
wall-turn-paused = { $index }/{ $of } · tạm dừng
wall-taken = Cảnh báo mới chiếm màn hình
wall-sound-on = có âm thanh
wall-sound-blocked = âm thanh bị chặn, xin chạm màn hình
wall-sound-muted = tắt tiếng { $n } phút
wall-keys = Phím tắt
wall-key-boards = chọn bảng
wall-key-step = bảng trước, bảng sau
wall-key-pause = dừng, chạy luân phiên
wall-key-acknowledge = xác nhận cảnh báo đang chọn
wall-key-rows = chọn và mở cảnh báo
wall-key-mute = tắt tiếng 15 phút (không xác nhận)
wall-key-sound = bật, tắt âm thanh
wall-key-kiosk = chỉ xem, toàn màn hình
wall-key-language = đổi ngôn ngữ
wall-key-theme = nền sáng, nền tối
wall-key-then = xem lại 5 phút trước
wall-key-then-move = khi xem lại: lùi, tiến, đổi tốc độ, chạy hoặc dừng
wall-key-close = đóng
wall-mark-incident = Sự cố

## Báo cáo ngày, báo cáo ca trên màn hình

wall-briefs-none = Chưa có báo cáo nào.
wall-briefs-until = đến { $time }
wall-briefs-make-daily = Lập báo cáo ngày
wall-briefs-make-shift = Lập báo cáo ca
wall-briefs-making = Đang lập…
wall-briefs-failed = Chưa lập được, hãy thử lại.

## Lưu một ô thành tệp

wall-export-csv = Lưu bảng (CSV)
wall-export-png = Lưu hình (PNG)

# Layers of the map, reports
wall-alerts-alone = Cảnh báo đang mở, chưa lập sự cố
wall-briefs-by-centre = tự động
wall-layer-shade = Tô màu địa bàn theo
wall-layer-alerts = Theo cảnh báo nặng nhất
wall-layer-reports = Phản ánh
wall-layer-needs = Phụ thuộc
wall-mark-shade = Đậm: kém hơn
wall-mark-chain = Dòng sông
wall-mark-need = Phụ thuộc
wall-mark-report = Phản ánh: { $n }
wall-record = Phản ánh, kiến nghị
wall-record-number = Số
wall-record-channel = Kênh tiếp nhận
wall-record-moved = Bước gần nhất
wall-place = Kinh độ; vĩ độ

# Xem lại quá khứ
wall-then = QUÁ KHỨ
wall-then-enter = Xem lại
wall-then-look = Xem lại lúc này
wall-then-play = Chạy
wall-then-pause = Dừng
wall-then-speed = Tốc độ
wall-then-step = Từng bước
wall-then-before = Lùi một bước
wall-then-after = Tiến một bước
wall-then-back = Lùi lại
wall-then-5m = 5 phút
wall-then-1h = 1 giờ
wall-then-24h = 24 giờ
wall-then-7d = 7 ngày
wall-then-moment = Thời điểm cần xem
wall-then-live = Về hiện tại
wall-then-about = Cảnh báo dựng lại từ lịch sử của chúng: gần đúng.
wall-then-none = Địa chỉ không nêu đúng thời điểm.
wall-then-outside = Không có số liệu lưu của thời điểm này.
wall-then-failed = Không đọc được.
wall-then-of-now = Nội dung này chỉ có ở hiện tại.
