"""What every part exports, service or simulator: requests, its process, its log, its telemetry."""

from services.contracts.metrics.metric import counter, gauge, histogram

REQUESTS = histogram(
    "http_server_request_duration_seconds",
    "From a request's first byte to its answer's last",
    "http_request_method",
    "http_route",
    "http_response_status_code",
)
ACTIVE_REQUESTS = gauge("http_server_active_requests", "Requests that are being answered")
TARGET = gauge("target_info", "1; its labels say what is scraped", "service_name", "service_instance_id")
CPU = counter("process_cpu_seconds_total", "Seconds on a processor, of the whole process", unit="seconds")
MEMORY = gauge("process_resident_memory_bytes", "Resident memory of the whole process", unit="bytes")
VIRTUAL = gauge("process_virtual_memory_bytes", "Virtual memory of the whole process", unit="bytes")
FILES = gauge("process_open_fds", "Open files and sockets of the whole process")
MOST_FILES = gauge("process_max_fds", "Files and sockets that the process may open")
STARTED = gauge("process_start_time_seconds", "When the process began, seconds since 1970", unit="seconds")
LOOP_LAG = gauge(
    "event_loop_lag_seconds", "How late the event loop came back to its work when it was last asked", unit="seconds"
)
LOG_LINES = counter("log_lines_total", "Lines written to the log", "level")
READY = gauge("part_ready", "1 where /ready says ready, 0 where it says degraded or starting")
FAULTS = gauge("fault_active", "1 for each fault that was injected and is not over", "fault")
EXPORTED = counter("otel_exporter_sent_total", "Spans and log lines that an OTLP endpoint has taken", "signal")
DROPPED = counter(
    "otel_exporter_dropped_total",
    "Spans and log lines that were not exported: the queue was full, or the endpoint did not take them in time",
    "signal",
)
WAITING = gauge("otel_exporter_queue_size", "Spans and log lines that wait for the exporter", "signal")
