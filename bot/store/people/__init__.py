"""Rows of people, requests, links and questions."""
