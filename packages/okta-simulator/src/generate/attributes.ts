import type { JsonObject } from "../json.js";
import { mix, pick } from "./hash.js";
import { SKILLS } from "./names.js";

/** A custom profile attribute of the generated org: its schema, and the value of any user. */
export interface GeneratedAttribute {
  readonly name: string;
  readonly schema: JsonObject;
  /** The value of user `i` as JSON text, or undefined where the user has none (Okta leaves unset attributes out). */
  json(seed: number, i: number): string | undefined;
}

function schema(title: string, type: string, more: JsonObject = {}): JsonObject {
  return {
    title,
    type,
    mutability: "READ_WRITE",
    scope: "NONE",
    ...more,
    permissions: [{ principal: "SELF", action: "READ_ONLY" }],
    master: { type: "PROFILE_MASTER" },
  };
}

type Value = (hash: number) => string;

/** Fifteen attributes over every type a user schema knows (string, integer, number, boolean, array, date-time). */
const KINDS: readonly (readonly [name: string, schema: JsonObject, value: Value, presentPercent: number])[] = [
  [
    "badgeId",
    schema("Badge", "string", { maxLength: 12, unique: "UNIQUE_VALIDATED" }),
    (h) => `"B-${h % 1_000_000}"`,
    100,
  ],
  ["level", schema("Level", "integer"), (h) => `${h % 14}`, 95],
  ["fullTimeEquivalent", schema("FTE", "number"), (h) => pick(["1", "0.5", "0.8", "0.6", "0.25"], h), 90],
  ["remote", schema("Works remotely", "boolean"), (h) => (h % 3 === 0 ? "true" : "false"), 90],
  ["skills", schema("Skills", "array", { items: { type: "string" } }), skillsOf, 70],
  ["contractEnd", schema("End of contract", "string", { format: "date-time" }), dateOf, 30],
  [
    "region",
    schema("Region", "string", {
      enum: ["AMER", "EMEA", "APAC"],
      oneOf: [
        { const: "AMER", title: "Americas" },
        { const: "EMEA", title: "Europe, Middle East, Africa" },
        { const: "APAC", title: "Asia, Pacific" },
      ],
    }),
    (h) => pick(['"AMER"', '"EMEA"', '"APAC"'], h),
    98,
  ],
  ["yearsOfService", schema("Years of service", "integer"), (h) => `${h % 31}`, 85],
  ["riskScore", schema("Risk score", "number"), (h) => `${(h % 10_000) / 100}`, 60],
  ["vpnAllowed", schema("VPN allowed", "boolean"), (h) => (h % 2 === 0 ? "true" : "false"), 80],
  [
    "siteCodes",
    schema("Site codes", "array", { items: { type: "integer" } }),
    (h) => `[${h % 90},${100 + (h % 70)}]`,
    40,
  ],
  ["reviewedAt", schema("Last review", "string", { format: "date-time" }), dateOf, 50],
  [
    "preferredName",
    schema("Preferred name", "string"),
    (h) => pick(['"Zoë"', '"Bo"', '"Łucja"', '"渡辺"', '"J. \\"Jay\\""'], h),
    25,
  ],
  [
    "notes",
    schema("Notes", "string"),
    (h) => `"Onboarded in wave ${h % 40}; façade access – see ticket #${h % 99_991}"`,
    20,
  ],
  ["costCentreCode", schema("Cost centre code", "string"), (h) => `"CC-${1000 + (h % 400)}"`, 88],
];

function skillsOf(h: number): string {
  const count = h % 4;
  const skills: string[] = [];
  for (let k = 0; k < count; k++) skills.push(pick(SKILLS, h + k * 5));
  return JSON.stringify(skills);
}

function dateOf(h: number): string {
  const day = 1 + (h % 28);
  const month = 1 + (h % 12);
  return `"20${20 + (h % 9)}-${month < 10 ? "0" : ""}${month}-${day < 10 ? "0" : ""}${day}T00:00:00.000Z"`;
}

/** The first `count` custom attributes; beyond fifteen the kinds repeat under numbered names. */
export function generateAttributes(count: number): GeneratedAttribute[] {
  const attributes: GeneratedAttribute[] = [];
  for (let n = 0; n < count; n++) {
    const [base, definition, value, percent] = pick(KINDS, n);
    attributes.push({
      name: n < KINDS.length ? base : `${base}${1 + Math.floor(n / KINDS.length)}`,
      schema: definition,
      json(seed, i) {
        const hash = mix(seed, i, 100 + n);
        return hash % 100 < percent ? value(hash >>> 7) : undefined;
      },
    });
  }
  return attributes;
}
