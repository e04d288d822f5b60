import { logError, oktaError, type OktaError } from "./errors.js";
import { isObject } from "./json.js";

/** Which dialect of Okta's expressions: they differ in operators, in case-sensitivity and in how they refuse. */
export type Grammar = "filter" | "search" | "log";

/** Attribute operators, in lower case; Okta takes them in any case. */
export type Operator = "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "sw" | "ew" | "co" | "pr";

/** One `path op value`; `pr` has no value. */
export interface Comparison {
  readonly path: string;
  readonly op: Operator;
  readonly value: string | number | boolean | undefined;
}

interface ComparisonNode extends Comparison {
  readonly kind: "comparison";
  /** The value in the form that is compared: lower case where case does not count. */
  readonly wanted: string | number | boolean | undefined;
  /** Milliseconds, when the value is an instant. */
  readonly instant: number | undefined;
  readonly ignoreCase: boolean;
}

/** A parsed expression. Look into it with the functions of this file. */
export type Expression =
  | ComparisonNode
  | { readonly kind: "and" | "or"; readonly items: readonly Expression[] }
  | { readonly kind: "not"; readonly item: Expression };

/**
 * Okta docs: `co` in searches only for a few attributes (the path's own check), no `ne`, no `ew`, no `not`;
 * the System Log takes all. Which operators an attribute takes is the path's own affair: see {@link comparisons}.
 */
const OPERATORS: Readonly<Record<Grammar, ReadonlySet<string>>> = {
  filter: new Set(["eq", "ne", "gt", "ge", "lt", "le", "sw", "pr"]),
  search: new Set(["eq", "gt", "ge", "lt", "le", "sw", "co", "pr"]),
  log: new Set(["eq", "ne", "gt", "ge", "lt", "le", "sw", "ew", "co", "pr"]),
};

/** Top-level attributes that are instants: anything else beside them is E0000030. */
const INSTANTS = new Set([
  "created",
  "activated",
  "statusChanged",
  "lastLogin",
  "lastUpdated",
  "lastMembershipUpdated",
  "passwordChanged",
  "published",
]);

const TOKEN = /\s*(?:([()])|("(?:[^"\\]|\\.)*")|([^\s()"]+))/y;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:?\d\d)$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const PATH = /^[A-Za-z_$][\w$-]*(?:\.[\w$-]+)*$/;
/** Deeper nesting is refused instead of overflowing the stack; Okta documents "overly complex" as refused, no number. */
const MAX_DEPTH = 100;

/**
 * Parses an expression as Okta does: attribute names are case-sensitive, operators are not, strings stand in double
 * quotes with `\"` for a quote, `and` binds tighter than `or` (Okta docs).
 * Throws E0000031 (filter, search) or E0000053 (log) for what is no expression, E0000030 for a malformed date.
 */
export function parseExpression(text: string, grammar: Grammar): Expression {
  return new Parser(text, grammar).parse();
}

/** The refusal of an expression: a search names the syntax as its cause, a filter names none (recorded in issue threads). */
function invalidExpression(grammar: Grammar): OktaError {
  if (grammar === "log") return logError("E0000053", "Invalid parameter: The filter is not a valid expression.");
  return oktaError("E0000031", grammar === "search" ? { causes: ["Invalid search syntax."] } : {});
}

/** Milliseconds of an instant in Okta's only accepted form, or undefined. */
function parseInstant(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const ms = Date.parse(text);
  const [, year, month, day] = match;
  // Date.parse takes the 30th of February for the 2nd of March.
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number.isNaN(ms) || Number(day) > lastDay ? undefined : ms;
}

interface Token {
  readonly kind: "(" | ")" | "string" | "word";
  readonly text: string;
}

function tokenize(text: string, grammar: Grammar): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (match === null) throw invalidExpression(grammar);
    const [, bracket, quoted, word] = match;
    if (bracket === "(" || bracket === ")") tokens.push({ kind: bracket, text: bracket });
    else if (quoted !== undefined) tokens.push({ kind: "string", text: quoted.slice(1, -1).replace(/\\(.)/gs, "$1") });
    else tokens.push({ kind: "word", text: word ?? "" });
  }
  return tokens;
}

class Parser {
  readonly #grammar: Grammar;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string, grammar: Grammar) {
    this.#grammar = grammar;
    this.#tokens = tokenize(text, grammar);
  }

  parse(): Expression {
    const expression = this.#or();
    if (this.#at < this.#tokens.length) throw invalidExpression(this.#grammar);
    return expression;
  }

  #or(): Expression {
    return this.#joined("or", () => this.#joined("and", () => this.#unary()));
  }

  #joined(kind: "and" | "or", next: () => Expression): Expression {
    const first = next();
    const items = [first];
    while (this.#isWord(kind)) {
      this.#at++;
      items.push(next());
    }
    return items.length === 1 ? first : { kind, items };
  }

  #unary(): Expression {
    if (this.#grammar === "log" && this.#isWord("not")) {
      this.#at++;
      return { kind: "not", item: this.#unary() };
    }
    if (this.#tokens[this.#at]?.kind !== "(") return this.#comparison();
    this.#at++;
    if (++this.#depth > MAX_DEPTH) throw invalidExpression(this.#grammar);
    const inner = this.#or();
    this.#depth--;
    if (this.#tokens[this.#at]?.kind !== ")") throw invalidExpression(this.#grammar);
    this.#at++;
    return inner;
  }

  #comparison(): Expression {
    const path = this.#tokens[this.#at++];
    const op = this.#tokens[this.#at++];
    if (path?.kind !== "word" || !PATH.test(path.text) || op?.kind !== "word") throw invalidExpression(this.#grammar);
    const name = op.text.toLowerCase();
    if (!OPERATORS[this.#grammar].has(name)) throw invalidExpression(this.#grammar);
    const value = name === "pr" ? undefined : this.#value();
    return comparison({ path: path.text, op: name as Operator, value }, this.#grammar);
  }

  #value(): string | number | boolean {
    const token = this.#tokens[this.#at++];
    if (token?.kind === "string") return token.text;
    if (token?.kind === "word") {
      const word = token.text.toLowerCase();
      if (word === "true" || word === "false") return word === "true";
      if (NUMBER.test(token.text)) return Number(token.text);
    }
    throw invalidExpression(this.#grammar);
  }

  #isWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === "word" && token.text.toLowerCase() === word;
  }
}

function comparison(from: Comparison, grammar: Grammar): ComparisonNode {
  const instant = typeof from.value === "string" ? parseInstant(from.value) : undefined;
  if (INSTANTS.has(from.path) && from.op !== "pr" && instant === undefined) throw oktaError("E0000030");
  // Okta docs: string values of a users search ignore case, those of a filter do not. Of the log nothing is said.
  const ignoreCase = grammar === "search";
  const wanted = ignoreCase && typeof from.value === "string" ? from.value.toLowerCase() : from.value;
  return { kind: "comparison", ...from, wanted, instant, ignoreCase };
}

/**
 * Whether the expression holds for what `get` answers for its paths. A list matches when any of its elements does;
 * instants compare by time, other strings by code unit. An absent value matches only `ne` and `not`.
 */
export function evaluate(expression: Expression, get: (path: string) => unknown): boolean {
  switch (expression.kind) {
    case "and":
      return expression.items.every((item) => evaluate(item, get));
    case "or":
      return expression.items.some((item) => evaluate(item, get));
    case "not":
      return !evaluate(expression.item, get);
    case "comparison":
      return holds(expression, get(expression.path));
  }
}

function holds(node: ComparisonNode, actual: unknown): boolean {
  if (node.op === "ne") return !holds({ ...node, op: "eq" }, actual);
  if (Array.isArray(actual)) return actual.some((element) => holds(node, element));
  if (actual === undefined || actual === null) return false;
  if (node.op === "pr") return actual !== "";
  const { wanted } = node;
  if (typeof actual === "string" && typeof wanted === "string") {
    if (node.instant !== undefined) {
      const time = Date.parse(actual);
      if (!Number.isNaN(time)) return compares(node.op, time - node.instant);
    }
    return textHolds(node.op, node.ignoreCase ? actual.toLowerCase() : actual, wanted);
  }
  if (typeof actual === "number" && typeof wanted === "number") return compares(node.op, actual - wanted);
  return node.op === "eq" && actual === wanted;
}

function textHolds(op: Operator, actual: string, wanted: string): boolean {
  if (op === "sw") return actual.startsWith(wanted);
  if (op === "ew") return actual.endsWith(wanted);
  if (op === "co") return actual.includes(wanted);
  return compares(op, actual < wanted ? -1 : actual > wanted ? 1 : 0);
}

function compares(op: Operator, sign: number): boolean {
  switch (op) {
    case "eq":
      return sign === 0;
    case "gt":
      return sign > 0;
    case "ge":
      return sign >= 0;
    case "lt":
      return sign < 0;
    case "le":
      return sign <= 0;
    default:
      return false;
  }
}

/** A `get` for {@link evaluate} that walks dotted paths and, where it meets a list, every element of it. */
export function lookup(record: unknown): (path: string) => unknown {
  return (path) => walk(record, path.split("."), 0);
}

function walk(value: unknown, steps: readonly string[], from: number): unknown {
  let inner = value;
  for (let i = from; i < steps.length; i++) {
    if (Array.isArray(inner)) return inner.flatMap((element) => walk(element, steps, i) ?? []);
    if (!isObject(inner)) return undefined;
    inner = inner[steps[i] ?? ""];
  }
  return inner;
}

/** Every comparison in the expression, left to right. */
export function comparisons(expression: Expression): Comparison[] {
  if (expression.kind === "comparison") {
    return [{ path: expression.path, op: expression.op, value: expression.value }];
  }
  if (expression.kind === "not") return comparisons(expression.item);
  return expression.items.flatMap(comparisons);
}

/** The values, when the expression is nothing but `path eq "v"` or an `or` of such; else null. */
export function collectEquals(expression: Expression, path: string): string[] | null {
  if (expression.kind === "comparison") {
    const { op, value } = expression;
    return expression.path === path && op === "eq" && typeof value === "string" ? [value] : null;
  }
  if (expression.kind !== "or") return null;
  const values: string[] = [];
  for (const item of expression.items) {
    const inner = collectEquals(item, path);
    if (inner === null) return null;
    values.push(...inner);
  }
  return values;
}

/** A value that `path` is never below where the expression holds (from `gt`, `ge`, `eq` on strings), or null. */
export function lowerBound(expression: Expression, path: string): string | null {
  if (expression.kind === "not") return null;
  if (expression.kind === "comparison") {
    const { op, value } = expression;
    const bounds = op === "gt" || op === "ge" || op === "eq";
    return expression.path === path && bounds && typeof value === "string" ? value : null;
  }
  const all = expression.items.map((item) => lowerBound(item, path));
  const known = all.filter((bound) => bound !== null).sort(byTimeOrText);
  if (expression.kind === "and") return known.at(-1) ?? null;
  return known.length === all.length ? (known[0] ?? null) : null;
}

function byTimeOrText(a: string, b: string): number {
  const x = parseInstant(a);
  const y = parseInstant(b);
  if (x !== undefined && y !== undefined) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}
