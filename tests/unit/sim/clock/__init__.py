"""The clock's arithmetic."""
