"""Words and mails by themselves."""
