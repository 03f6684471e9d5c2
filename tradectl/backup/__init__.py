"""Backups of a sandbox: full ones and the primary's binary logs, sealed, in a folder or in any S3."""
