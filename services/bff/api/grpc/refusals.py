"""Problems of the HTTP door as statuses of gRPC; the stable code stays, as the reason of an ErrorInfo."""

from typing import Any, NoReturn

import grpc
import msgspec
from google.protobuf.any_pb2 import Any as Packed
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from services.kernel.peers import Answer

DOMAIN = "tradectl"
DETAILS = "grpc-status-details-bin"
CODES = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.NOT_FOUND,
    409: grpc.StatusCode.ALREADY_EXISTS,
    413: grpc.StatusCode.RESOURCE_EXHAUSTED,
    422: grpc.StatusCode.INVALID_ARGUMENT,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    500: grpc.StatusCode.INTERNAL,
    503: grpc.StatusCode.UNAVAILABLE,
    504: grpc.StatusCode.DEADLINE_EXCEEDED,
}
UNKNOWN = "outcome_unknown"


async def refuse(context: "grpc.aio.ServicerContext[Any, Any]", answer: Answer) -> NoReturn:
    """End the call as the answer says. What may have been done is UNKNOWN: the same call again tells."""
    problem = msgspec.json.decode(answer.body)
    code, detail, field = str(problem["code"]), str(problem["detail"]), problem.get("field")
    status = (
        grpc.StatusCode.UNKNOWN if code == UNKNOWN else CODES.get(answer.status, grpc.StatusCode.FAILED_PRECONDITION)
    )
    info = Packed()
    info.Pack(ErrorInfo(reason=code, domain=DOMAIN, metadata={"field": field} if field else {}))
    details = Status(code=status.value[0], message=detail, details=[info]).SerializeToString()
    await context.abort(status, detail, trailing_metadata=((DETAILS, details), *_again(answer)))


def _again(answer: Answer) -> tuple[tuple[str, str], ...]:
    """When to come back, where the refusal says it."""
    after = answer.headers.get("retry-after")
    return (("retry-after", after),) if after else ()
