"""The venue: price-time matching over the feeds' books, one journal, the trade record that the audit holds as true."""
