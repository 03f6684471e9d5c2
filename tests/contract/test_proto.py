"""The gRPC door's messages are those of its .proto file, and none is wider than the HTTP door's."""

from pathlib import Path

from services.bff.api.grpc import compile as compiling
from services.bff.api.grpc import trading_pb2
from services.bff.api.grpc.calls import calls


def test_generated_code_is_current(tmp_path: Path) -> None:
    compiling.main(tmp_path)
    for kind in ("py", "pyi"):
        place = f"services/bff/api/grpc/trading_pb2.{kind}"
        made, kept = (tmp_path / place).read_text("utf-8"), (compiling.ROOT / place).read_text("utf-8")
        assert made == kept, "`python -m services.bff.api.grpc.compile` writes it anew"


def test_every_call_of_the_file_is_answered() -> None:
    service = trading_pb2.DESCRIPTOR.services_by_name["Trading"]
    declared = {method.name: (method.input_type.name, method.output_type.name) for method in service.methods}
    assert declared == {name: (call.request.DESCRIPTOR.name, call.answer.DESCRIPTOR.name) for name, call in calls()}


def test_reads_begin_with_get_and_no_write_does() -> None:
    assert {name.startswith("Get") == (call.method == "GET") for name, call in calls()} == {True}
