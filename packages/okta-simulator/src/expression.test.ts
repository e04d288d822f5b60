import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { OktaError } from "./errors.js";
import {
  collectEquals,
  comparisons,
  evaluate,
  type Expression,
  type Grammar,
  lookup,
  lowerBound,
  parseExpression,
} from "./expression.js";

function matches(text: string, grammar: Grammar, record: unknown): boolean {
  return evaluate(parseExpression(text, grammar), lookup(record));
}

function refusal(text: string, grammar: Grammar): string {
  try {
    parseExpression(text, grammar);
  } catch (error) {
    if (error instanceof OktaError) return error.body.errorCode;
    throw error;
  }
  return "accepted";
}

type Tree =
  | { op: "and" | "or"; items: Tree[] }
  | { not: Tree }
  | { path: string; cmp: string; value: string | number | boolean };

const { tree } = fc.letrec<{ tree: Tree; leaf: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    tie("leaf"),
    fc.record({
      op: fc.constantFrom("and", "or"),
      items: fc.array(tie("tree"), { minLength: 2, maxLength: 4 }),
    }),
    fc.record({ not: tie("tree") }),
  ) as fc.Arbitrary<Tree>,
  leaf: fc.oneof(
    fc.record({
      path: fc.constantFrom("a", "b.c"),
      cmp: fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le", "sw", "ew", "co"),
      value: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('"', "\\", "and", "(", " or ")),
    }),
    fc.record({
      path: fc.constant("n"),
      cmp: fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le"),
      value: fc.integer({ min: -3, max: 3 }),
    }),
    fc.record({ path: fc.constant("t"), cmp: fc.constantFrom("eq", "ne"), value: fc.boolean() }),
  ) as fc.Arbitrary<Tree>,
}));

const RANK = { or: 0, and: 1 };

/** Writes the tree with no more brackets than precedence needs; `random` chooses the operators' case. */
function write(node: Tree, random: () => boolean, above = 0): string {
  const cased = (word: string): string => (random() ? word.toUpperCase() : word);
  if ("not" in node) return `${cased("not")} ${write(node.not, random, 2)}`;
  if ("items" in node) {
    const rank = RANK[node.op];
    const text = node.items.map((item) => write(item, random, rank + 1)).join(` ${cased(node.op)} `);
    return rank < above ? `(${text})` : text;
  }
  const value = typeof node.value === "string" ? `"${node.value.replace(/["\\]/g, "\\$&")}"` : String(node.value);
  return `${node.path} ${cased(node.cmp)} ${value}`;
}

/** What the tree means, said without the parser. */
function means(node: Tree, record: Record<string, unknown>): boolean {
  if ("not" in node) return !means(node.not, record);
  if ("items" in node) {
    return node.op === "and" ? node.items.every((i) => means(i, record)) : node.items.some((i) => means(i, record));
  }
  const actual = node.path === "b.c" ? (record["b"] as { c: string }).c : record[node.path];
  const [x, y] = [actual as string, node.value as string];
  const table: Record<string, boolean> = {
    eq: x === y,
    ne: x !== y,
    gt: x > y,
    ge: x >= y,
    lt: x < y,
    le: x <= y,
  };
  if (node.cmp === "sw") return x.startsWith(y);
  if (node.cmp === "ew") return x.endsWith(y);
  if (node.cmp === "co") return x.includes(y);
  return table[node.cmp] ?? false;
}

describe("expressions", () => {
  test("mean what their tree means, whatever the nesting, the brackets and the operators' case", () => {
    const record = fc.record({
      a: fc.string({ maxLength: 3 }),
      b: fc.record({ c: fc.string({ maxLength: 3 }) }),
      n: fc.integer({ min: -3, max: 3 }),
      t: fc.boolean(),
    });
    fc.assert(
      fc.property(tree, record, fc.infiniteStream(fc.boolean()), (node, values, coins) => {
        const text = write(node, () => coins.next().value as boolean);
        expect(matches(text, "log", values)).toBe(means(node, values));
      }),
      { numRuns: 500 },
    );
  });

  test("any text is either an expression or refused in Okta's words", () => {
    const piece = fc.constantFrom(
      "a",
      "eq",
      '"x"',
      "(",
      ")",
      "and",
      "or",
      "not",
      "pr",
      '"',
      "\\",
      " ",
      "1",
      "lastUpdated",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom<Grammar>("filter", "search", "log"),
        (pieces, grammar) => {
          expect(["accepted", "E0000030", "E0000031", "E0000053"]).toContain(refusal(pieces.join(" "), grammar));
        },
      ),
    );
  });

  test("and binds tighter than or, brackets tighter than both", () => {
    const record = { a: "1", b: "0", c: "0" };
    expect(matches('a eq "1" or b eq "1" and c eq "1"', "filter", record)).toBe(true);
    expect(matches('(a eq "1" or b eq "1") and c eq "1"', "filter", record)).toBe(false);
  });

  test("instants compare by time, other strings by code unit", () => {
    const record = { lastUpdated: "2026-01-31T10:00:00.000Z", profile: { grade: "B" } };
    expect(matches('lastUpdated gt "2026-01-31T11:30:00.000+02:00"', "filter", record)).toBe(true);
    expect(matches('lastUpdated gt "2026-01-31T10:00:00.000Z"', "filter", record)).toBe(false);
    expect(matches('lastUpdated ge "2026-01-31T10:00:00.000Z"', "filter", record)).toBe(true);
    expect(matches('profile.grade gt "A"', "search", record)).toBe(true);
  });

  test("a search ignores the case of values, a filter does not; attribute names always count", () => {
    const record = { profile: { lastName: "Brock" } };
    expect(matches('profile.lastName eq "brock"', "search", record)).toBe(true);
    expect(matches('profile.lastName eq "brock"', "filter", record)).toBe(false);
    expect(matches('profile.lastname eq "Brock"', "search", record)).toBe(false);
  });

  test("a list matches when an element does; pr wants something there", () => {
    const event = {
      target: [
        { type: "User", id: "00u1" },
        { type: "UserGroup", id: "00g1" },
      ],
      outcome: null,
    };
    expect(matches('target.id eq "00g1"', "log", event)).toBe(true);
    expect(matches('target.id eq "00g2"', "log", event)).toBe(false);
    expect(matches("outcome pr", "log", event)).toBe(false);
    expect(matches("target.type pr and not outcome.result pr", "log", event)).toBe(true);
  });

  test.each([
    ["lastUpdated gt", "filter", "E0000031"],
    ['profile.name eq "foo\\"', "filter", "E0000031"],
    ["profile.name+eq+%22IAM+Team%22", "search", "E0000031"],
    ['profile.x ne "1"', "search", "E0000031"],
    ['not profile.x eq "1"', "search", "E0000031"],
    ['profile.x ew "1"', "filter", "E0000031"],
    ["eventType", "log", "E0000053"],
    ['(eventType eq "a"', "log", "E0000053"],
    ['lastUpdated gt "2026-01-31"', "filter", "E0000030"],
    ['lastUpdated gt "2026-01-31T00:00:00Z"', "filter", "E0000030"],
    ['created gt "2026-02-30T00:00:00.000Z"', "search", "E0000030"],
    [`${"(".repeat(5000)}a eq 1${")".repeat(5000)}`, "search", "E0000031"],
  ] as const)("%s as %s is refused with %s", (text, grammar, code) => {
    expect(refusal(text, grammar)).toBe(code);
  });

  test("are open to the planner", () => {
    const parse = (text: string): Expression => parseExpression(text, "filter");
    expect(collectEquals(parse('status eq "A" or (status eq "B" or status eq "C")'), "status")).toEqual([
      "A",
      "B",
      "C",
    ]);
    expect(collectEquals(parse('status eq "A" and status eq "B"'), "status")).toBeNull();
    expect(collectEquals(parse('status eq "A" or id eq "B"'), "status")).toBeNull();
    const early = "2026-01-01T00:00:00.000Z";
    const late = "2026-01-01T00:00:00.000-05:00";
    expect(
      lowerBound(parse(`lastUpdated gt "${late}" and lastUpdated ge "${early}" and id eq "x"`), "lastUpdated"),
    ).toBe(late);
    expect(lowerBound(parse(`lastUpdated gt "${late}" or lastUpdated ge "${early}"`), "lastUpdated")).toBe(early);
    expect(lowerBound(parse(`lastUpdated gt "${late}" or id eq "x"`), "lastUpdated")).toBeNull();
    expect(comparisons(parse('a eq 1 and (b pr or c lt "x")'))).toEqual([
      { path: "a", op: "eq", value: 1 },
      { path: "b", op: "pr", value: undefined },
      { path: "c", op: "lt", value: "x" },
    ]);
  });
});
