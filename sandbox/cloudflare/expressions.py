"""What Cloudflare would say to a rule's expression: the engine's parser, and what a plan may use.

Parsing is the real engine's (wirefilter); fields and functions a plan lacks are refused in the engine's words.
"""

import re
from collections.abc import Collection, Iterator

from octorules_wirefilter import parse_expression

MAXIMUM_LENGTH = 4096

# What the field and function references give to each plan. Where they are silent a plan gets less here than it
# may in truth: an expression that passes is meant to pass at Cloudflare too, and not the other way round.
_PLANS = ("free", "pro", "business", "enterprise")
_FREE_FIELDS = re.compile(
    r"cf\.tls_client_auth\.[a-z0-9_]+"
    r"|(raw\.)?http\.request\.(full_uri|uri(\.(path(\.extension)?|query|args(\.(names|values))?))?)"
    r"|http\.(host|cookie|referer|user_agent|x_forwarded_for)"
    r"|http\.request\.(method|version|timestamp\.m?sec|headers(\.(names|values|truncated))?)"
    r"|ip\.src(\.(asnum|continent|country|is_in_european_union))?"
    r"|cf\.(client\.bot|threat_score|tls_version|tls_cipher|verified_bot_category|ray_id|edge\.server_(ip|port))"
    r"|ssl"
)
_PRO_FIELDS = re.compile(r"http\.request\.(cookies|accepted_languages)")
_BUSINESS_FIELDS = re.compile(r"ip\.src\.[a-z0-9_.]+|cf\.waf\.score\.class")
# Fields of the answer do not exist yet where custom rules run.
_LATER_FIELDS = re.compile(r"(raw\.)?http\.response\.[a-z_.]+|cf\.(response|timings)\.[a-z0-9_]+")
_FREE_FUNCTIONS = frozenset(
    [
        "any",
        "all",
        "concat",
        "lower",
        "upper",
        "url_decode",
        "starts_with",
        "ends_with",
        "len",
        "substring",
        "has_key",
        "has_value",
        "lookup_json_string",
        "lookup_json_integer",
        "remove_bytes",
        "cidr",
        "cidr6",
        "join",
        "split",
    ]
)
_PRO_FUNCTIONS = frozenset({"is_timed_hmac_valid_v0"})
_REWRITE_FUNCTIONS = frozenset({"to_string", "uuidv4", "regex_replace", "wildcard_replace", "remove_query_args"})

_TOKENS = re.compile(
    r"""(?P<raw>r(?P<hashes>\#*)".*?"(?P=hashes)) | (?P<text>"(?:\\.|[^"\\])*")
      | (?P<word>\$?[A-Za-z_][A-Za-z0-9_.]*) | (?P<tilde>~)""",
    re.VERBOSE | re.DOTALL,
)


def judge(expression: str, plan: str, refused: Collection[str] = ()) -> str | None:
    """What is wrong with the expression on that plan (``free``, ``pro``, …), in the API's words; else None.

    ``refused`` are fields that the zone does not take besides those that the plan lacks.
    """
    if not expression.strip():
        return "the expression is empty"
    if len(expression) > MAXIMUM_LENGTH:
        return f"the expression is {len(expression)} characters long, more than the {MAXIMUM_LENGTH} allowed"
    parsed = parse_expression(expression)
    if error := parsed.get("error"):
        return f"the expression is invalid: {error}"
    for field in sorted(set(refused) & set(parsed["fields"])):
        return f"the expression is invalid: {_pointing(expression, field, f'the use of field {field} is not allowed')}"
    for word, complaint in _forbidden(parsed["fields"], parsed["functions"], parsed["operators"], plan):
        return f"the expression is invalid: {_pointing(expression, word, complaint)}"
    for start, token in _words(expression):
        if token.startswith("$"):
            # The account has no lists.
            return f"the expression is invalid: {_marked(expression, start, len(token), 'unknown list')}"
    return None


def _forbidden(fields: list[str], functions: list[str], operators: list[str], plan: str) -> Iterator[tuple[str, str]]:
    level = _PLANS.index(plan)
    for field in fields:
        allowed = not _LATER_FIELDS.fullmatch(field) and (
            level >= 3
            or bool(_FREE_FIELDS.fullmatch(field))
            or (level >= 1 and bool(_PRO_FIELDS.fullmatch(field)))
            or (level >= 2 and bool(_BUSINESS_FIELDS.fullmatch(field)))
        )
        if not allowed:
            yield field, f"the use of field {field} is not allowed"
    for function in functions:
        allowed = function not in _REWRITE_FUNCTIONS and (
            level >= 3 or function in _FREE_FUNCTIONS or (level >= 1 and function in _PRO_FUNCTIONS)
        )
        if not allowed:
            yield function, f"the use of function {function} is not allowed"
    if "matches" in operators and level < 2:
        yield "matches", "the use of operator matches is not allowed, a Business plan is needed"


def _words(expression: str) -> Iterator[tuple[int, str]]:
    for match in _TOKENS.finditer(expression):
        if match["word"] or match["tilde"]:
            yield match.start(), match.group()


def _pointing(expression: str, word: str, complaint: str) -> str:
    names = (word, "~") if word == "matches" else (word,)
    start = next((start for start, token in _words(expression) if token in names), 0)
    return _marked(expression, start, len(word), complaint)


def _marked(expression: str, start: int, length: int, complaint: str) -> str:
    line = expression.count("\n", 0, start) + 1
    column = start - (expression.rfind("\n", 0, start) + 1)
    shown = expression.split("\n")[line - 1]
    return f"Filter parsing error ({line}:{column + 1}):\n{shown}\n{' ' * column}{'^' * length} {complaint}\n"
