"""What an order is and may become: pure, with time and ids as arguments."""
