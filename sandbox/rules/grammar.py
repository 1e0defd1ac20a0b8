"""The grammar, with one terminal for the fields of each type, so that it is typed by itself.

The engine reads without separating words first: ``notssl`` and ``ssl andssl`` are valid, ``61:62`` is a string
after a string field and an address after ``ip.src``. A contextual lexer does the same.
"""

import re
from typing import Final

from lark import Lark

from sandbox.rules.fields import FIELDS, Kind

# Exactly one space in ``strict wildcard``; blanks elsewhere are space, CR and LF only, but at both ends of the
# text everything that Unicode calls white space.
_GRAMMAR: Final = r"""
?start: disjunction
?disjunction: exclusive (_OR exclusive)*
?exclusive: conjunction (_XOR conjunction)*
?conjunction: unary (_AND unary)*
?unary: _NOT unary -> negation
      | "(" disjunction ")" -> group
      | BOOL_FIELD -> field
      | AFFIX_FUNCTION "(" string_value "," (string_value | string_literal) ")" -> call
      | string_value ORDER (string_value | string_literal | HEX_BYTES) -> comparison
      | string_value CONTAINS (string_literal | HEX_BYTES) -> comparison
      | string_value WILDCARD string_literal -> wildcard
      | string_value _IN "{" (string_literal | HEX_BYTES)* "}" -> membership
      | int_value (ORDER | BITWISE_AND) (int_value | INT) -> comparison
      | int_value _IN "{" (INT | INT_RANGE)* "}" -> membership
      | ip_value ORDER (ip_value | IP) -> comparison
      | ip_value _IN "{" IP* "}" -> membership

?string_value: STRING_FIELD -> field
             | CASE_FUNCTION "(" string_value ")" -> call
             | CONCAT_FUNCTION "(" _string_argument ("," _string_argument)+ ")" -> call
?int_value: INT_FIELD -> field
          | LENGTH_FUNCTION "(" string_value ")" -> call
?ip_value: IP_FIELD -> field
?string_literal: STRING | RAW_STRING
_string_argument: string_value | string_literal

STRING_FIELD: /%(string_fields)s/
INT_FIELD: /%(int_fields)s/
BOOL_FIELD: /%(bool_fields)s/
IP_FIELD: /%(ip_fields)s/
CASE_FUNCTION: /(?:lower|upper)(?![\w.])/
CONCAT_FUNCTION: /concat(?![\w.])/
LENGTH_FUNCTION: /len(?![\w.])/
AFFIX_FUNCTION: /(?:starts_with|ends_with)(?![\w.])/

_NOT: /not|!/
_AND: /and|&&/
_XOR: /xor|\^\^/
_OR: /or|\|\|/
_IN: "in"
ORDER: /eq|ne|lt|le|gt|ge|==|!=|<=|>=|<|>/
CONTAINS: "contains"
WILDCARD: /wildcard|strict wildcard/
BITWISE_AND: /bitwise_and|&(?!&)/

STRING: /"(?:[^"\\]|\\["\\]|\\x[0-9a-fA-F+][0-9a-fA-F]|\\[0-3][0-7]{2})*"/
RAW_STRING: /r(?P<hashes>#{0,255})"[\s\S]*?"(?P=hashes)/
HEX_BYTES: /[0-9a-fA-F+][0-9a-fA-F](?::[0-9a-fA-F+][0-9a-fA-F])+/
INT: /%(integer)s/
INT_RANGE.2: /%(integer)s\.\.%(integer)s/
IP: /[0-9a-fA-F:.]+(?:\/[0-9]+)?/

BLANK: /[ \r\n]+|\A[%(white)s]+|[%(white)s]+\Z/
%%ignore BLANK
"""

_WHITE: Final = r"\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# A digit of any base ends no number, and ``0x`` without digits is no zero before a word.
_INTEGER: Final = r"(?:0x[0-9a-fA-F]+|0(?!x)[0-7]*(?![0-9a-fA-F])|-?[1-9][0-9]*(?![0-9a-fA-F])|-0[0-9]*(?![0-9a-fA-F]))"


def _names(kind: Kind) -> str:
    longest_first = sorted((name for name, its in FIELDS.items() if its is kind), key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w.])"


def build() -> Lark:
    """The LALR parser for the grammar."""
    text = _GRAMMAR % {
        "string_fields": _names(Kind.STRING),
        "int_fields": _names(Kind.INT),
        "bool_fields": _names(Kind.BOOL),
        "ip_fields": _names(Kind.IP),
        "integer": _INTEGER,
        "white": _WHITE,
    }
    return Lark(text, parser="lalr", lexer="contextual", propagate_positions=True)
