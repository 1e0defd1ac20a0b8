"""Which names can be protected."""

import pytest

from bot.errors import BadHost
from bot.model.hosts import host_below


@pytest.mark.parametrize("text", ["ha.example.com", " HA.Example.com. ", "a_b-1.example.com"])
def test_names_below_the_zone(text: str) -> None:
    assert host_below(text, "example.com") == text.strip().lower().removesuffix(".")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("example.com", "apex"),
        ("EXAMPLE.com.", "apex"),
        ("*.example.com", "wildcard"),
        ("a.b.example.com", "deep"),
        ("ha.example.org", "elsewhere"),
        ("notexample.com", "elsewhere"),
        ("ha", "form"),
        ("", "form"),
        ("ha..example.com", "form"),
        ("-ha.example.com", "form"),
        ("ha.example.com:8443", "form"),
        ("https://ha.example.com", "form"),
        ('ha".example.com', "form"),
        ("hä.example.com", "form"),
        ("x" * 64 + ".example.com", "form"),
        ("user@ha.example.com", "form"),
    ],
)
def test_names_that_cannot_be(text: str, why: str) -> None:
    with pytest.raises(BadHost) as refused:
        host_below(text, "example.com")
    assert refused.value.why == why
