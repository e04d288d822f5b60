import { BOOKKEEPING, type HistoryPlan, type Statement } from "../../dialect.js";
import { type HistoryWriting, openVersions as open, overFrom, versionEnd } from "../../history-sql.js";
import { fromItem, q, ref } from "./sql.js";

const B = BOOKKEEPING;

const WRITING: HistoryWriting = {
  q,
  ref,
  from: fromItem,
  isTrue: (column) => column,
  yes: "true",
  instant: "cast(? as datetime(3))",
  next: (instant) => `${instant} + interval 1000 microsecond`,
};

function plainInstant(plan: HistoryPlan): HistoryPlan {
  return { ...plan, observedAt: plan.observedAt.replace("T", " ").replace(/Z$/, "") };
}

export function closeVersions(schema: string, plan: HistoryPlan): Statement {
  const end = versionEnd(WRITING, plainInstant(plan));
  const { joins, where } = overFrom(WRITING, schema, plan);
  const sets = [`${q(B.validToBy)} = ${end.by}`, `h.${q(B.validTo)} = ${end.at.sql}`, `h.${q(B.current)} = false`];
  return {
    sql: `update ${joins.sql} set h.${sets.join(", ")} where ${where}`,
    bindings: [...joins.bindings, ...end.at.bindings],
  };
}

export function openVersions(schema: string, plan: HistoryPlan): Statement {
  return open(WRITING, schema, plainInstant(plan));
}
