import { BOOKKEEPING, type HistoryPlan, type Statement } from "../../dialect.js";
import { type HistoryWriting, openVersions as open, overFrom, versionEnd } from "../../history-sql.js";
import { fromItem, list, q, ref } from "./sql.js";

const B = BOOKKEEPING;

const WRITING: HistoryWriting = {
  q,
  ref,
  from: fromItem,
  isTrue: (column) => column,
  yes: "true",
  instant: "?::timestamptz",
  next: (instant) => `${instant} + interval '1 millisecond'`,
};

/** The table that UPDATE changes cannot be the left side of a join: what is over is selected first. */
export function closeVersions(schema: string, plan: HistoryPlan): Statement {
  const end = versionEnd(WRITING, plan);
  const { joins, where } = overFrom(WRITING, schema, plan);
  const version = [...plan.key, B.validFrom];
  return {
    sql: `update ${ref(schema, plan.history)} v set ${q(B.validTo)} = o.at, ${q(B.validToBy)} = o.by, ${q(B.current)} = false
      from (select ${list(version, "h.")}, ${end.at.sql} as at, ${end.by} as by from ${joins.sql} where ${where}) o
      where ${version.map((column) => `v.${q(column)} = o.${q(column)}`).join(" and ")}`,
    bindings: [...end.at.bindings, ...joins.bindings],
  };
}

export function openVersions(schema: string, plan: HistoryPlan): Statement {
  return open(WRITING, schema, plan);
}
