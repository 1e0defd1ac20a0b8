"""The rules language of Cloudflare's edge, as far as a free plan's custom rules speak it.

``parse`` is typed: it accepts what Cloudflare's engine would, within the fields and functions named in
``sandbox.rules.fields``. Left out: ``matches`` (a paid plan's), lists (``$name``), maps and arrays.
"""

from sandbox.rules.evaluation import evaluate
from sandbox.rules.expression import Expression, ExpressionError
from sandbox.rules.parser import parse

__all__ = ["Expression", "ExpressionError", "evaluate", "parse"]
