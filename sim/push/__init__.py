"""The Web Push endpoint: makes subscriptions, takes what is pushed to them, and shows it decrypted."""
