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
