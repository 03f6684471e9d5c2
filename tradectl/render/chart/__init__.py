"""compose/kubernetes/: what its hand-written templates are told of the topology, and the files that pods mount."""

from tradectl.render.chart.files import FOLDER, rendered

__all__ = ["FOLDER", "rendered"]
