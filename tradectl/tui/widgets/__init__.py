"""What the screens are made of: plain data in, lines out, messages for whoever listens; no widget knows the desk."""
