"""Devices and certificates: states, names, orders, renewal."""
