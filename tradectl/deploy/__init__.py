"""Releases in a real cluster: through Git and Argo CD, by the rights of whoever deploys."""
