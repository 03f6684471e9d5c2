"""``python -m services.bff.api.grpc.compile [FOLDER]``: trading_pb2 from trading.proto; needs grpcio-tools."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
PROTO = Path(__file__).with_name("trading.proto")


def main(to: Path = ROOT) -> None:
    """Write the module and its types, below the folder as in the tree."""
    out = (f"--python_out={to}", f"--pyi_out={to}")
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT}", *out, str(PROTO)], check=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
