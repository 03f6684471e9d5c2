"""The mail gateway: takes what is sent by SMTP, keeps it, and shows it by REST."""
