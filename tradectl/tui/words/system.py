"""Words of the system screen: the sandbox: clock, feed, FIX, latency, faults."""

WORDS = {
    "system.title": ("System", "Система"),
    "system.none": (
        "This platform is no sandbox on this machine: there is nothing to see here.",
        "Эта платформа — не песочница на этой машине: показывать нечего.",
    ),
    "system.clock": ("Clock", "Часы"),
    "system.faults": ("Faults", "Сбои"),
    "system.parts": ("Parts", "Части"),
    "system.latency": ("Latency", "Задержка"),
    "system.feeds": ("Feeds", "Источники цен"),
    "system.fix": ("FIX, newest first", "FIX, новые сверху"),
    "system.silent": ("no answer", "нет ответа"),
    "system.whole": ("Nothing is broken on purpose.", "Намеренных сбоев нет."),
    "system.paused": ("stands", "стоят"),
    "system.running": ("runs ×{speed}", "идут ×{speed}"),
    "system.door": ("the BFF's last answer took {ms} ms; cuts so far: {cuts}", "ответ BFF: {ms} мс; обрывов: {cuts}"),
    "system.pause": ("Pause or go on", "Пауза / дальше"),
    "system.faster": ("Faster", "Быстрее"),
    "system.slower": ("Slower", "Медленнее"),
    "system.clear": ("End all faults", "Снять сбои"),
}
