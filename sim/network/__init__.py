"""The network between parts: each link passes here when `up` is told so, and can be made slow, lossy or dead."""
