import type { ColumnPlan } from "../../dialect.js";

/** Column types as PostgreSQL names them. Text has no length limit, also in keys. */
const TYPES: Readonly<Record<ColumnPlan["type"], string>> = {
  text: "text",
  boolean: "boolean",
  integer: "bigint",
  double: "double precision",
  instant: "timestamptz(3)",
  json: "jsonb",
  hash: "text",
};

export function columnType(plan: Pick<ColumnPlan, "type" | "indexed">): string {
  return TYPES[plan.type];
}
