## Từ dùng chung của trung tâm và màn hình.

app-title = Trung tâm Giám sát, Điều hành thông minh
app-short = IOC
number = { NUMBER($value) }
illustrative = minh họa
undescribed = Chưa mô tả
unknown = Chưa rõ
none = Không có
yes = Có
no = Không

## Nguồn gốc dữ liệu

origin = Nguồn gốc
origin-simulated = Mô phỏng
origin-exercise = Diễn tập
origin-replay = Phát lại
origin-real = Thật
badge-simulated = MÔ PHỎNG
badge-exercise = DIỄN TẬP
badge-replay = PHÁT LẠI
badge-real = DỮ LIỆU THẬT

## Cấp độ theo Quyết định 18/2021/QĐ-TTg

severity = Cấp độ
severity-1 = Cấp 1 – thấp
severity-2 = Cấp 2 – trung bình
severity-3 = Cấp 3 – lớn
severity-4 = Cấp 4 – rất lớn
severity-5 = Cấp 5 – thảm họa

## Trạng thái cảnh báo

state = Trạng thái
state-unacknowledged = Chưa xác nhận
state-acknowledged = Đã xác nhận
state-returned = Đã trở lại, chưa xác nhận
state-normal = Bình thường
state-closed = Đã đóng
state-shelved = Đang gác
state-suppressed = Bị nén
condition-active = Đang diễn ra
condition-cleared = Đã hết
history = Từ dữ liệu lịch sử
provisional = Tạm thời

## Trạng thái đối tượng và chất lượng

status-online = Trực tuyến
status-offline = Mất kết nối
status-silent = Im lặng
quality = Chất lượng
quality-good = Tốt
quality-suspect = Nghi ngờ
quality-bad = Kém
quality-stale = Cũ
quality-missing = Thiếu
freshness = Độ tươi của dữ liệu
stale = Cũ
missing = Thiếu dữ liệu
link-lost = Mất kết nối với trung tâm
link-restored = Đã nối lại với trung tâm

## Khoảng thời gian

ago-seconds = { $n } giây trước
ago-minutes = { $n } phút trước
ago-hours = { $n } giờ trước
ago-days = { $n } ngày trước
just-now = vừa xong

## Chỉ tiêu

indicator = Chỉ tiêu
target = Mục tiêu
standing = Đánh giá
standing-on-target = Đạt
standing-at-risk = Có nguy cơ
standing-off-target = Không đạt
standing-unknown = Chưa đánh giá
previous = Kỳ trước
coverage = Độ phủ dữ liệu
oldest-input = Dữ liệu cũ nhất
owner = Cơ quan chịu trách nhiệm
source = Nguồn
trend-up = Tăng
trend-down = Giảm
trend-flat = Giữ nguyên

## Danh từ

area = Đơn vị hành chính
areas = Các đơn vị hành chính
province = Tỉnh
district = Huyện
commune = Xã
population = Dân số
thing = Đối tượng
things = Đối tượng
datastream = Luồng dữ liệu
observation = Quan trắc
rule = Quy tắc
alert = Cảnh báo
alerts = Cảnh báo
open-alerts = Cảnh báo đang mở
no-open-alerts = Không có cảnh báo đang mở
incident = Sự cố
task = Nhiệm vụ
board = Bảng
panel = Ô
language = Ngôn ngữ
raised = Phát sinh
detected = Phát hiện
cleared = Hết lúc
closed = Đóng lúc
response = Cách xử lý
value = Giá trị
limit = Ngưỡng
unit = Đơn vị
steps = Diễn biến

## Việc người trực làm

acknowledge = Xác nhận
shelve = Gác lại
unshelve = Bỏ gác
comment = Ghi chú
close = Đóng
note = Ghi chú
reason = Lý do
login = Đăng nhập
logout = Đăng xuất
username = Tên đăng nhập
password = Mật khẩu

## Lý do đóng cảnh báo

reason-history = Từ dữ liệu lịch sử
reason-resolved = Đã xử lý
reason-false = Báo nhầm
reason-duplicate = Trùng

## Loại đối tượng

kind-gateway = Cổng kết nối
kind-ioc-centre = Trung tâm điều hành (IOC)
kind-rain-gauge = Trạm mưa
kind-river-gauge = Trạm thủy văn
kind-tidal-gauge = Trạm thủy văn vùng triều
kind-reservoir = Hồ chứa thủy điện
kind-weather-station = Trạm khí tượng
kind-air-station = Trạm không khí
kind-traffic-counter = Điểm đếm xe
kind-data-centre-room = Phòng máy chủ
kind-integration-bus = Nền tảng chia sẻ dữ liệu
kind-service = Dịch vụ số
kind-one-stop-shop = Bộ phận một cửa
kind-document-exchange = Liên thông văn bản
kind-video-endpoint = Điểm cầu truyền hình
kind-telecom-station = Trạm viễn thông
kind-agency-network = Mạng LAN và Internet cơ quan
kind-camera-counter = Ca-mê-ra AI đếm
kind-e-learning = Nền tảng học trực tuyến
kind-epidemic = Giám sát dịch bệnh
kind-fire-hotspots = Điểm nóng vệ tinh
kind-forest-change = Theo dõi diễn biến rừng
kind-forest-patrol = Thiết bị tuần tra rừng
kind-forest-station = Trạm dự báo cháy rừng
kind-heritage-site = Điểm di tích
kind-hospital = Bệnh viện, trung tâm y tế
kind-laboratory = Xét nghiệm (LIS)
kind-museum-collection = Số hóa hiện vật
kind-network-link = Kết nối mạng TSLCD
kind-power-feeder = Xuất tuyến trung áp
kind-road-link = Tuyến đường
kind-school-cluster = Cụm trường học
kind-telecom-coverage = Phủ sóng viễn thông
kind-telecom-operator = Doanh nghiệp viễn thông
kind-telehealth = Khám chữa bệnh từ xa
kind-tourism-booking = Nền tảng du lịch, đặt dịch vụ
kind-vaccination = Tiêm chủng
kind-water-station = Trạm quan trắc nước mặt

## Luồng dữ liệu

datastream-rainfall = Cường độ mưa
datastream-battery = Điện áp nguồn
datastream-level = Mực nước
datastream-flow = Lưu lượng
datastream-live-storage = Dung tích hữu ích
datastream-inflow = Lưu lượng đến
datastream-outflow = Lưu lượng xả
datastream-temperature = Nhiệt độ
datastream-humidity = Độ ẩm
datastream-wind-speed = Tốc độ gió
datastream-pressure = Khí áp
datastream-pm25 = Bụi PM2.5
datastream-pm10 = Bụi PM10
datastream-o3 = Ô-dôn
datastream-no2 = NO₂
datastream-aqi = VN_AQI
datastream-speed = Tốc độ
datastream-occupancy = Độ chiếm dụng
datastream-load = Tải
datastream-ups-charge = Dung lượng UPS
datastream-storage = Lưu trữ đã dùng
datastream-transactions = Giao dịch
datastream-latency = Thời gian phản hồi
datastream-ingest-rate = Tốc độ tiếp nhận
datastream-lag = Độ trễ xử lý
datastream-clients = Màn hình đang mở
datastream-errors = Tỷ lệ lỗi
datastream-status = Trạng thái
datastream-requests = Lượt truy cập
datastream-received = Hồ sơ tiếp nhận
datastream-finished = Hồ sơ giải quyết xong
datastream-on-time = Hồ sơ đúng hạn
datastream-online = Hồ sơ trực tuyến
datastream-waiting = Người đang chờ
datastream-overdue = Hồ sơ quá hạn
datastream-outgoing = Văn bản đi
datastream-signed = Văn bản ký số
datastream-incoming = Văn bản đến
datastream-delivery-time = Thời gian liên thông
datastream-loss = Mất gói
datastream-jitter = Biến thiên trễ
datastream-sites = Cơ quan có mạng
datastream-lan-up = Mạng LAN hoạt động
datastream-internet-up = Internet hoạt động
datastream-vehicles = Phương tiện
datastream-violations = Vi phạm giao thông
datastream-people = Người trong khung hình
datastream-learners = Người đang học
datastream-new-cases = Ca mắc mới
datastream-growth = Ca 7 ngày so với 7 ngày trước
datastream-in-hospital = Đang điều trị
datastream-hotspots = Điểm nóng trong giờ
datastream-clusters = Cụm điểm nóng (2 km, 6 giờ)
datastream-in-forest = Điểm nóng trong rừng
datastream-unverified = Thời gian điểm cháy chưa xác minh
datastream-lost-area = Rừng bị mất từ đầu năm
datastream-open-cases = Vụ việc đang xác minh
datastream-reports = Phiếu cập nhật của kiểm lâm
datastream-position-age = Tuổi của vị trí
datastream-distance = Quãng đường hôm nay
datastream-temperature-13h = Nhiệt độ lúc 13 giờ
datastream-deficit-13h = Độ chênh lệch bão hòa lúc 13 giờ
datastream-rainfall-24h = Mưa 24 giờ trước 13 giờ
datastream-p-index = Chỉ số khô hạn P
datastream-visitors = Khách đang tham quan
datastream-entries = Lượt khách vào
datastream-tours-3d = Lượt xem mô hình 3D
datastream-visits = Lượt khám
datastream-beds = Giường bệnh
datastream-beds-used = Giường đang dùng
datastream-claims-waiting = Hồ sơ BHYT chờ đồng bộ
datastream-tests = Mẫu xét nghiệm
datastream-turnaround = Thời gian trả kết quả
datastream-digitised = Hiện vật đã số hóa
datastream-scanned-today = Hiện vật số hóa hôm nay
datastream-flaps = Số lần chập chờn
datastream-connected = Cơ quan kết nối được
datastream-homes-dark = Hộ mất điện
datastream-travel-time = Thời gian đi
datastream-schools = Trường đến hạn báo cáo
datastream-schools-reporting = Trường đã báo cáo
datastream-attendance = Chuyên cần
datastream-villages-2g = Thôn, bản có sóng 2G
datastream-villages-4g = Khu dân cư có sóng 3G/4G
datastream-villages-broadband = Thôn, bản có băng rộng cố định
datastream-centres-broadband = Trung tâm xã có băng rộng
datastream-villages-cut-off = Thôn, bản mất liên lạc
datastream-stations = Trạm BTS
datastream-stations-up = Trạm BTS hoạt động
datastream-stations-4g-up = Trạm 4G hoạt động
datastream-stations-5g-up = Trạm 5G hoạt động
datastream-sessions = Phiên hội chẩn
datastream-bookings = Lượt đặt dịch vụ
datastream-doses-given = Mũi đã tiêm
datastream-doses-entered = Mũi đã nhập hệ thống
datastream-doses-missing = Mũi chưa nhập hôm nay
datastream-ph = Độ pH
datastream-oxygen = Ô-xy hòa tan
datastream-turbidity = Độ đục

## Mức của trạng thái

level-up = Hoạt động
level-down = Ngừng
level-degraded = Suy giảm
level-online = Trực tuyến
level-offline = Mất kết nối
level-battery = Chạy ắc quy
level-silent = Mất tín hiệu
level-resting = Nghỉ
level-patrolling = Đang tuần tra
level-off = Mất điện
level-on = Có điện
level-closed = Bị cắt
level-slow = Chậm
level-open = Thông suốt

## Ngưỡng riêng

limit-alarm-1 = Báo động I
limit-alarm-2 = Báo động II
limit-alarm-3 = Báo động III
limit-stations-least = Số trạm tối thiểu

## Đơn vị đo

unit-Cel = °C
unit-percentRH = %
unit-percent = %
unit-mm-per-h = mm/giờ
unit-km-per-h = km/giờ
unit-m-per-s = m/s
unit-m3-per-s = m³/s
unit-ug-per-m3 = µg/m³
unit-veh-per-h = xe/giờ
unit-1-per-min = lượt/phút
unit-1-per-s = lượt/giây
unit-min = phút
unit-ms = ms
unit-s = giây
unit-h = giờ
unit-m = m
unit-V = V
unit-kW = kW
unit-hPa = hPa
unit-har = ha
unit-km = km
unit-mm = mm
unit-MW = MW
unit-mg-per-L = mg/L
unit-NTU = NTU

# What datastreams of one name are called where it means another thing by kind

datastream-agency-network-online = Cơ quan có Internet
datastream-council-session-attendance = Đại biểu dự họp
datastream-data-centre-room-humidity = Độ ẩm phòng máy
datastream-data-centre-room-load = Công suất tiêu thụ
datastream-data-centre-room-temperature = Nhiệt độ phòng máy
datastream-e-learning-latency = Thời gian đáp ứng
datastream-e-learning-learners = Người đang học
datastream-forest-patrol-battery = Pin
datastream-heritage-site-visitors = Khách đang tham quan
datastream-hospital-occupancy = Công suất sử dụng giường
datastream-hospital-visits = Lượt khám
datastream-integration-bus-latency = Độ trễ
datastream-museum-collection-digitised = Hiện vật đã số hóa
datastream-one-stop-shop-digitised = Hồ sơ số hóa giấy tờ
datastream-one-stop-shop-online = Hồ sơ nộp trực tuyến
datastream-power-feeder-load = Công suất
datastream-rain-gauge-battery = Điện áp ắc quy
datastream-reservoir-level = Mực nước hồ
datastream-river-gauge-flow = Lưu lượng
datastream-river-gauge-level = Mực nước
datastream-school-cluster-attendance = Chuyên cần
datastream-service-latency = Thời gian đáp ứng
datastream-telecom-station-load = Tải
datastream-telehealth-sessions = Phiên hội chẩn
datastream-tidal-gauge-level = Mực nước
datastream-tourism-booking-occupancy = Công suất phòng
datastream-tourism-booking-visitors = Khách đang ở tỉnh
datastream-traffic-counter-flow = Lưu lượng xe
datastream-traffic-counter-occupancy = Độ chiếm dụng
datastream-training-learners = Người học kỹ năng số trong năm
datastream-video-sessions-sessions = Cuộc họp trực tuyến bắt đầu
datastream-water-station-temperature = Nhiệt độ nước
datastream-weather-station-humidity = Độ ẩm tương đối
datastream-weather-station-temperature = Nhiệt độ không khí
datastream-web-portal-visits = Lượt truy cập
