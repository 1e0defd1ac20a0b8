"""What a knock at the lock can show."""
