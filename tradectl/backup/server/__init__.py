"""Backups of a database server by its address, without a sandbox: what a cluster's CronJob and Deployment run."""
