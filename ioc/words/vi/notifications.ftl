## Tin nhắn gửi người trực: chữ đầu tiên nói rõ khi đó không phải số liệu thật.

notification-title = { $origin ->
        [simulated] [MÔ PHỎNG]{" "}
        [exercise] [DIỄN TẬP]{" "}
        [replay] [PHÁT LẠI]{" "}
       *[real] {""}
    }{ $severity }: { $message }
notification-head = { $origin ->
        [simulated] [MÔ PHỎNG] Đây là tin mô phỏng, không phải sự việc thật.{" "}
        [exercise] [DIỄN TẬP] Đây là tin diễn tập, không phải sự việc thật.{" "}
        [replay] [PHÁT LẠI] Đây là số liệu phát lại, không phải sự việc đang xảy ra.{" "}
       *[real] {""}
    }{ $turn ->
        [0] Cảnh báo chưa xác nhận: { $count }
       *[other] Nhắc lần { $turn }, cảnh báo vẫn chưa xác nhận: { $count }
    }
notification-line = - { $at } { $message }
notification-tail = { $more ->
        [0] {""}
       *[other] … và { $more } cảnh báo khác.{" "}
    }Việc cần làm: { $response } (sự cố { $incident })
notification-mark-title = { $origin ->
        [simulated] [MÔ PHỎNG]{" "}
        [exercise] [DIỄN TẬP]{" "}
        [replay] [PHÁT LẠI]{" "}
       *[real] {""}
    }{ $mark ->
        [remind] Nhắc hạn
        [late] Quá hạn
       *[escalate] Quá hạn, báo cáo lãnh đạo
    }: { $title }
notification-mark-body = { $origin ->
        [simulated] [MÔ PHỎNG] Đây là tin mô phỏng, không phải sự việc thật.{" "}
        [exercise] [DIỄN TẬP] Đây là tin diễn tập, không phải sự việc thật.{" "}
        [replay] [PHÁT LẠI] Đây là số liệu phát lại, không phải sự việc đang xảy ra.{" "}
       *[real] {""}
    }{ $mark ->
        [remind] Đã qua nửa thời hạn
        [late] Đã hết thời hạn
       *[escalate] Đã quá một nửa thời hạn nữa mà chưa xong
    } ({ $term ->
        [refuse] hạn từ chối phản ánh theo quy định
        [supplement] hạn yêu cầu bổ sung phản ánh theo quy định
       *[given] hạn xử lý
    }: { $due }). { $case ->
        [task] Nhiệm vụ
       *[incident] Sự cố
    }: { $title }. Đơn vị chịu trách nhiệm: { $owner } ({ $id })
