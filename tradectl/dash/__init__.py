"""The developer's terminal: it draws what `tradectl/overview/` says of a sandbox, and knows nothing by itself."""
