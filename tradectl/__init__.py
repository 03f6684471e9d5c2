"""The tool that runs the whole platform: on one machine, under scenarios and load, and on to the cluster."""
