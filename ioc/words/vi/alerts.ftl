## Câu cảnh báo. Mỗi quy tắc có một câu mang tên "alert-" và tên quy tắc; quy tắc nào không có thì
## dùng bốn câu chung đầu tiên. $thing: đối tượng, $value: giá trị, $limit: ngưỡng, $unit: đơn vị,
## $rule: tên quy tắc, $datastream: tên luồng dữ liệu.

alert-above = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 2) } { $unit }, vượt ngưỡng { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-below = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 2) } { $unit }, dưới ngưỡng { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-equals = { $thing }: { $rule }
alert-silent = { $thing }: không nhận được dữ liệu ({ $datastream })
alert-offline = { $thing }: mất kết nối
alert-levels = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 2) } { $unit }, qua ngưỡng { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-rising = { $thing }: { $rule }, tăng { NUMBER($value, maximumFractionDigits: 2) } { $unit }, quá { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-falling = { $thing }: { $rule }, giảm { NUMBER($value, maximumFractionDigits: 2) } { $unit }, quá { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-doubtful = { $thing }: số liệu đáng ngờ ({ $datastream })
alert-baseline = { $thing }: { $rule }, khác thường { NUMBER($value, maximumFractionDigits: 2) } lần độ lệch quen thuộc
alert-ewma = { $thing }: { $rule }, trung bình trôi { NUMBER($value, maximumFractionDigits: 2) } độ lệch chuẩn
alert-cusum = { $thing }: { $rule }, lệch kéo dài khỏi mức quen thuộc
alert-likelihood = { $thing }: { $rule }, diễn biến bất thường
alert-neighbours = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 0) } nơi lân cận cùng vượt ngưỡng
alert-all = { $thing }: { $rule }
alert-any = { $thing }: { $rule }
alert-burn = { $thing }: { $rule }, lỗi nhanh gấp { NUMBER($value, maximumFractionDigits: 2) } lần mức báo động
alert-forecast = { $thing }: { $rule }, dự báo { NUMBER($value, maximumFractionDigits: 2) } { $unit }, ngưỡng { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-routed = { $thing }: { $rule }, mưa thượng nguồn sẽ cho { NUMBER($value, maximumFractionDigits: 2) } m³/s trên mỗi km²
alert-deadline = { $thing }: { $rule }, quá { NUMBER($limit, maximumFractionDigits: 0) } giờ chưa có
alert-expires = { $thing }: { $rule }, còn { NUMBER($value, maximumFractionDigits: 2) } ngày

alert-rain-heavy = { $thing }: mưa to { NUMBER($value, maximumFractionDigits: 1) } mm/giờ, vượt ngưỡng { NUMBER($limit, maximumFractionDigits: 1) } mm/giờ
alert-rain-very-heavy = { $thing }: mưa rất to { NUMBER($value, maximumFractionDigits: 1) } mm/giờ, nguy cơ lũ quét, sạt lở
alert-rain-battery-low = { $thing }: nguồn yếu, còn { NUMBER($value, maximumFractionDigits: 1) } V
alert-river-alarm-1 = { $thing }: mực nước { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, vượt báo động I ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-river-alarm-2 = { $thing }: mực nước { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, vượt báo động II ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-river-alarm-3 = { $thing }: mực nước { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, vượt báo động III ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-tide-alarm-1 = { $thing }: mực nước { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, vượt báo động I ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-tide-alarm-2 = { $thing }: mực nước { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, vượt báo động II ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-tide-alarm-3 = { $thing }: mực nước { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, vượt báo động III ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-reservoir-full = { $thing }: dung tích hữu ích { NUMBER($value, maximumFractionDigits: 1) } %, vượt { NUMBER($limit, maximumFractionDigits: 0) } %
alert-reservoir-release = { $thing }: xả { NUMBER($value, maximumFractionDigits: 0) } m³/s, vượt { NUMBER($limit, maximumFractionDigits: 0) } m³/s

alert-weather-heat = { $thing }: nắng nóng gay gắt { NUMBER($value, maximumFractionDigits: 1) } °C
alert-weather-cold = { $thing }: rét hại { NUMBER($value, maximumFractionDigits: 1) } °C, nguy cơ sương muối
alert-weather-gale = { $thing }: gió mạnh { NUMBER($value, maximumFractionDigits: 1) } m/s, từ cấp 8 trở lên
alert-air-bad = { $limit ->
    [200] { $thing }: không khí rất xấu, AQI { NUMBER($value, maximumFractionDigits: 0) }
    [300] { $thing }: không khí nguy hại, AQI { NUMBER($value, maximumFractionDigits: 0) }
   *[other] { $thing }: không khí xấu, AQI { NUMBER($value, maximumFractionDigits: 0) }
}

alert-traffic-congested = { $thing }: ùn tắc, tốc độ còn { NUMBER($value, maximumFractionDigits: 0) } km/giờ

alert-dc-warm = { $thing }: nóng { NUMBER($value, maximumFractionDigits: 1) } °C, vượt { NUMBER($limit, maximumFractionDigits: 1) } °C
alert-dc-hot = { $thing }: quá nóng { NUMBER($value, maximumFractionDigits: 1) } °C, nguy cơ tự ngắt máy chủ
alert-dc-humid = { $thing }: độ ẩm { NUMBER($value, maximumFractionDigits: 0) } %, vượt { NUMBER($limit, maximumFractionDigits: 0) } %
alert-dc-ups-low = { $thing }: bộ lưu điện còn { NUMBER($value, maximumFractionDigits: 0) } %
alert-dc-storage-full = { $thing }: lưu trữ đã dùng { NUMBER($value, maximumFractionDigits: 1) } %

alert-bus-errors = { $thing }: { NUMBER($value, maximumFractionDigits: 1) } % giao dịch lỗi, vượt { NUMBER($limit, maximumFractionDigits: 1) } %
alert-bus-slow = { $thing }: phản hồi chậm { NUMBER($value, maximumFractionDigits: 0) } ms
alert-bus-down = { $thing }: ngừng hoạt động
alert-service-down = { $thing }: ngừng hoạt động
alert-service-degraded = { $thing }: hoạt động suy giảm
alert-service-slow = { $thing }: phản hồi chậm { NUMBER($value, maximumFractionDigits: 0) } ms

alert-onestop-waiting = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } người đang chờ
alert-onestop-overdue = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } hồ sơ đang quá hạn
alert-docs-slow = { $thing }: văn bản liên thông mất { NUMBER($value, maximumFractionDigits: 1) } phút
alert-video-offline = { $thing }: mất kết nối
alert-video-loss = { $thing }: đường truyền mất gói { NUMBER($value, maximumFractionDigits: 1) } %
alert-telecom-battery = { $thing }: mất điện lưới, đang chạy ắc quy
alert-telecom-down = { $thing }: mất sóng
alert-telecom-busy = { $thing }: quá tải { NUMBER($value, maximumFractionDigits: 0) } %

alert-gateway-offline = { $thing }: mất kết nối, dữ liệu của các đối tượng qua cổng này đã dừng
alert-ioc-lag = { $thing }: xử lý chậm { NUMBER($value, maximumFractionDigits: 0) } giây, vượt { NUMBER($limit, maximumFractionDigits: 0) } giây

## Thiên tai, hạ tầng, xã hội.

alert-fire-unverified = { $thing }: điểm cháy rừng đã { NUMBER($value, maximumFractionDigits: 0) } phút chưa xác minh
alert-fire-danger = { $limit ->
    [10000] { $thing }: nguy cơ cháy rừng cấp V, P = { NUMBER($value, maximumFractionDigits: 0) }
   *[other] { $thing }: nguy cơ cháy rừng cấp IV, P = { NUMBER($value, maximumFractionDigits: 0) }
}
alert-feeder-off = { $thing }: mất điện
alert-road-closed = { $thing }: đường bị cắt
alert-villages-cut-off = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } thôn, bản mất liên lạc
alert-operator-stations-down = { $thing }: chỉ còn { NUMBER($value, maximumFractionDigits: 0) } trạm hoạt động
alert-network-link-down = { $thing }: mất kết nối
alert-agencies-offline = { $thing }: chỉ còn { NUMBER($value, maximumFractionDigits: 0) } % cơ quan có Internet
alert-hospital-full = { $thing }: giường bệnh đã dùng { NUMBER($value, maximumFractionDigits: 0) } %
alert-claims-stuck = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } hồ sơ BHYT chưa đồng bộ
alert-laboratory-slow = { $thing }: xét nghiệm trả sau { NUMBER($value, maximumFractionDigits: 0) } phút
alert-telehealth-offline = { $thing }: ngoại tuyến
alert-doses-missing = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } mũi tiêm chưa nhập hệ thống
alert-epidemic-growth = { $thing }: ca mắc 7 ngày gấp { NUMBER($value, maximumFractionDigits: 1) } lần tuần trước
alert-attendance-low = { $thing }: chuyên cần chỉ { NUMBER($value, maximumFractionDigits: 0) } %
alert-elearning-errors = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } % yêu cầu bị lỗi
alert-forest-cases = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } vụ mất rừng đang xác minh
alert-patrol-silent = { $thing }: không có vị trí mới đã { NUMBER($value, maximumFractionDigits: 0) } phút
alert-heritage-crowded = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } khách đang tham quan
alert-rooms-full = { $thing }: công suất phòng { NUMBER($value, maximumFractionDigits: 0) } %
alert-camera-offline = { $thing }: mất tín hiệu
alert-water-oxygen-low = { $thing }: ô-xy hòa tan còn { NUMBER($value, maximumFractionDigits: 1) } mg/L
alert-digitisation-stopped = { $thing }: không có hiện vật nào được số hóa đã nhiều ngày

alert-river-flood-ahead = { $thing }: mưa đã rơi thượng nguồn sẽ cho dòng { NUMBER($value, maximumFractionDigits: 1) } m³/s trên mỗi km² trong 30 phút tới, có thể gây lũ
alert-river-rising = { $thing }: nước lên { NUMBER($value, maximumFractionDigits: 2) } m trong 30 phút
alert-river-doubtful = { $thing }: số đo mực nước đáng ngờ, chưa nên tin
alert-weather-doubtful = { $thing }: số đo nhiệt độ đáng ngờ
alert-air-regional = { $thing }: không khí xấu trên diện rộng, { NUMBER($value, maximumFractionDigits: 0) } trạm cùng vượt ngưỡng
alert-air-doubtful = { $thing }: số đo bụi đáng ngờ
alert-traffic-unusual = { $thing }: lưu lượng khác thường, { NUMBER($value, maximumFractionDigits: 1) } lần độ lệch quen thuộc của giờ này
alert-dc-heating = { $thing }: sẽ lên { NUMBER($value, maximumFractionDigits: 1) } °C trong 10 phút nữa
alert-bus-burning = { $thing }: gián đoạn nhanh gấp { NUMBER($value, maximumFractionDigits: 1) } lần mức báo động của mục tiêu 99,5 %
alert-service-burning = { $thing }: gián đoạn nhanh gấp { NUMBER($value, maximumFractionDigits: 1) } lần mức báo động của mục tiêu 99,5 %
alert-service-leaking = { $thing }: sẽ vượt mức gián đoạn cho phép của tháng
