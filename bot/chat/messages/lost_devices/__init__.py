"""Words about lost devices and what their accounts did."""
