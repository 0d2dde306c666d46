# Những gì các bộ mô phỏng hành chính nói tới.
datastream-processing = Hồ sơ đang xử lý
datastream-in-time = Hồ sơ đang xử lý trong hạn
datastream-due-soon = Hồ sơ đến hạn trong 24 giờ
datastream-filed = Hồ sơ mới đăng ký
datastream-refused = Hồ sơ không được tiếp nhận
datastream-supplements = Hồ sơ yêu cầu bổ sung
datastream-early = Hồ sơ giải quyết trước hạn
datastream-lead-time = Thời gian giải quyết trung bình 7 ngày
unit-d = ngày
datastream-postal = Hồ sơ nộp qua bưu chính công ích
datastream-full-online-eligible = Hồ sơ của TTHC đủ điều kiện toàn trình
datastream-full-online = Hồ sơ nộp toàn trình
datastream-with-fee = Hồ sơ có nghĩa vụ tài chính
datastream-paid-online = Hồ sơ thanh toán trực tuyến
datastream-results-electronic = Hồ sơ cấp kết quả điện tử
datastream-digitised = Hồ sơ số hóa giấy tờ
datastream-reused = Hồ sơ tái sử dụng dữ liệu số hóa
datastream-storage-synced = Kết quả đồng bộ kho dữ liệu cá nhân
datastream-citizen-linked = Hồ sơ kết nối dữ liệu dân cư
datastream-synced = Hồ sơ đồng bộ trạng thái với Cổng DVCQG
datastream-rated = Hồ sơ được đánh giá
datastream-satisfied = Hồ sơ được đánh giá hài lòng
datastream-trips-saved = Quãng đường đi lại tiết kiệm (ước tính)
unit-km = km
record-dossier = Hồ sơ thủ tục hành chính

# Trạng thái của hồ sơ, theo mã quốc gia.
state-dossier-registered = Mới đăng ký
state-dossier-accepted = Được tiếp nhận
state-dossier-refused = Không được tiếp nhận
state-dossier-in-process = Đang xử lý
state-dossier-supplement-asked = Yêu cầu bổ sung giấy tờ
state-dossier-payment-due = Yêu cầu thực hiện nghĩa vụ tài chính
state-dossier-withdrawn = Công dân yêu cầu rút hồ sơ
state-dossier-stopped = Dừng xử lý
state-dossier-finished = Đã xử lý xong
state-dossier-returned = Đã trả kết quả
