import { BOOKKEEPING, type HistoryPlan, type Statement } from "../../dialect.js";
import { type HistoryWriting, openVersions as open, overFrom, versionEnd } from "../../history-sql.js";
import { fromItem, q, ref } from "./sql.js";

const B = BOOKKEEPING;

const WRITING: HistoryWriting = {
  q,
  ref,
  from: fromItem,
  isTrue: (column) => `${column} = 1`,
  yes: "1",
  instant: "cast(? as datetime2(3))",
  next: (instant) => `dateadd(millisecond, 1, ${instant})`,
};

/** Columns hold UTC and no offset. */
function plainInstant(plan: HistoryPlan): HistoryPlan {
  return { ...plan, observedAt: plan.observedAt.replace(/Z$/, "") };
}

export function closeVersions(schema: string, plan: HistoryPlan): Statement {
  const end = versionEnd(WRITING, plainInstant(plan));
  const { joins, where } = overFrom(WRITING, schema, plan);
  return {
    sql: `update h set ${q(B.validTo)} = ${end.at.sql}, ${q(B.validToBy)} = ${end.by}, ${q(B.current)} = 0
      from ${joins.sql} where ${where}`,
    bindings: [...end.at.bindings, ...joins.bindings],
  };
}

export function openVersions(schema: string, plan: HistoryPlan): Statement {
  return open(WRITING, schema, plainInstant(plan));
}
