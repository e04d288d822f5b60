import { BOOKKEEPING, type HistoryPlan, type Source, type Statement } from "./dialect.js";

const B = BOOKKEEPING;
/** Columns of the inner select from which {@link versionStart} chooses. */
const CHANGED = "_tidemark_changed";
const EVENT = "_tidemark_event";
const LAST = "_tidemark_last";
const NOW = "_tidemark_now";

/** How a dialect writes what these statements are made of. */
export interface HistoryWriting {
  q(name: string): string;
  ref(schema: string, table: string): string;
  /** A source as a from-item. */
  from(schema: string, source: Source, alias: string): Statement;
  /** A boolean column as a condition. */
  isTrue(column: string): string;
  readonly yes: string;
  /** A placeholder for an instant, typed where the database needs it. */
  readonly instant: string;
  /** One millisecond after an instant. */
  next(instant: string): string;
}

/** An expression for an instant, and one for what told it ({@link VersionTime}). */
export interface Told {
  readonly at: Statement;
  readonly by: string;
}

/** The latest of some columns, of which any may be null. */
function latest(columns: readonly string[]): string | null {
  const [first, ...others] = columns;
  if (first === undefined) return null;
  return others.reduce((a, b) => `case when ${b} is null or ${a} >= ${b} then ${a} else ${b} end`, first);
}

function changedAt(writing: HistoryWriting, plan: HistoryPlan): string | null {
  const alias = plan.changedIn ? "m" : "t";
  return latest(plan.changedAt.map((column) => `${alias}.${writing.q(column)}`));
}

/** Joins `m`, the row that says when the target's row `t` was changed, where that is another table's. */
function joinChangedIn(writing: HistoryWriting, schema: string, plan: HistoryPlan): string {
  if (!plan.changedIn) return "";
  return ` left join ${writing.ref(schema, plan.changedIn)} as m on ${sameKey(writing, plan, ["m", "t"])}`;
}

/**
 * When the version in `h` ended: at the first of the row's own time (`t`, null when it is gone), the event's (`k`) and
 * the observation that is later than its beginning. A version never ends before it began.
 */
export function versionEnd(writing: HistoryWriting, plan: HistoryPlan): Told {
  const { q } = writing;
  const from = `h.${q(B.validFrom)}`;
  const changed = changedAt(writing, plan);
  const event = plan.within?.eventAt === undefined ? null : `k.${q(plan.within.eventAt)}`;
  const told = [
    ...(changed === null ? [] : [{ at: changed, by: "last_updated" }]),
    ...(event === null ? [] : [{ at: event, by: "event" }]),
  ];
  const times = told.map(({ at }) => `when ${at} > ${from} then ${at}`).join(" ");
  const names = told.map(({ at, by }) => `when ${at} > ${from} then '${by}'`).join(" ");
  const { instant } = writing;
  return {
    at: {
      sql: `case ${times} when ${instant} > ${from} then ${instant} else ${writing.next(from)} end`,
      bindings: [plan.observedAt, plan.observedAt],
    },
    by: told.length === 0 ? "'observed'" : `case ${names} else 'observed' end`,
  };
}

/** Columns that the inner select of new versions needs besides the row's own; `last` is the end of the version before. */
function versionFacts(writing: HistoryWriting, plan: HistoryPlan, last: string): Statement {
  const { q } = writing;
  const changed = changedAt(writing, plan);
  const facts = [`(${last}) as ${q(LAST)}`, `${writing.instant} as ${q(NOW)}`];
  if (changed !== null) facts.push(`${changed} as ${q(CHANGED)}`);
  if (plan.within?.eventAt !== undefined) facts.push(`k.${q(plan.within.eventAt)} as ${q(EVENT)}`);
  return { sql: facts.join(", "), bindings: [plan.observedAt] };
}

/** When a new version began, from the facts in `x`; never before the version before it ended. */
function versionStart(writing: HistoryWriting, plan: HistoryPlan): { at: string; by: string } {
  const { q } = writing;
  const last = `x.${q(LAST)}`;
  const told = [
    ...(plan.changedAt.length === 0 ? [] : [{ at: `x.${q(CHANGED)}`, by: "last_updated" }]),
    ...(plan.within?.eventAt === undefined ? [] : [{ at: `x.${q(EVENT)}`, by: "event" }]),
    { at: `x.${q(NOW)}`, by: "observed" },
  ];
  const fits = (at: string): string => `when ${at} >= coalesce(${last}, ${at}) then`;
  return {
    at: `case ${told.map(({ at }) => `${fits(at)} ${at}`).join(" ")} else ${last} end`,
    by: `case ${told.map(({ at, by }) => `${fits(at)} '${by}'`).join(" ")} else 'observed' end`,
  };
}

function sameKey(writing: HistoryWriting, plan: HistoryPlan, [left, right]: readonly [string, string]): string {
  return plan.key.map((column) => `${left}.${writing.q(column)} = ${right}.${writing.q(column)}`).join(" and ");
}

/** Joins `k`, the rows that are looked at, to `alias`. */
function joinWithin(writing: HistoryWriting, schema: string, within: { plan: HistoryPlan; alias: string }): Statement {
  const { plan, alias } = within;
  if (!plan.within) return { sql: "", bindings: [] };
  const { source, match } = plan.within;
  const { q } = writing;
  const from = writing.from(schema, source, "k");
  const tests = match.map(([left, right]) => `${alias}.${q(left)} = k.${q(right)}`);
  if ("table" in source && source.unmerged) tests.push(`not (${writing.isTrue(`k.${q(B.merged)}`)})`);
  return { sql: ` join ${from.sql} on ${tests.join(" and ")}`, bindings: from.bindings };
}

/** The target's live row. */
function isLive(writing: HistoryWriting, plan: HistoryPlan): string {
  return plan.soft ? ` and t.${writing.q(B.deletedAt)} is null` : "";
}

/** `from …` of current versions `h` that are over: their row `t` is gone or has another content. */
export function overFrom(
  writing: HistoryWriting,
  schema: string,
  plan: HistoryPlan,
): { joins: Statement; where: string } {
  const { q, ref } = writing;
  const within = joinWithin(writing, schema, { plan, alias: "h" });
  const target = `left join ${ref(schema, plan.target)} as t on ${sameKey(writing, plan, ["t", "h"])}${isLive(writing, plan)}`;
  const hash = (alias: string): string => `${alias}.${q(B.hash)}`;
  return {
    joins: {
      sql: `${ref(schema, plan.history)} as h${within.sql} ${target}${joinChangedIn(writing, schema, plan)}`,
      bindings: within.bindings,
    },
    where: `${writing.isTrue(`h.${q(B.current)}`)} and (t.${q(plan.key[0] ?? "")} is null or ${hash("t")} <> ${hash("h")})`,
  };
}

/** Adds a version for each live row without a current one: the same statement in every dialect. */
export function openVersions(writing: HistoryWriting, schema: string, plan: HistoryPlan): Statement {
  const { q, ref } = writing;
  const history = ref(schema, plan.history);
  const content = [...plan.columns, B.hash];
  const within = joinWithin(writing, schema, { plan, alias: "t" });
  const last = `select max(p.${q(B.validTo)}) from ${history} as p where ${sameKey(writing, plan, ["p", "t"])}`;
  const facts = versionFacts(writing, plan, last);
  const changed = joinChangedIn(writing, schema, plan);
  const start = versionStart(writing, plan);
  const names = (columns: readonly string[], alias = ""): string => columns.map((name) => alias + q(name)).join(", ");
  return {
    sql: `insert into ${history} (${names([...content, B.validFrom, B.validFromBy, B.current])})
      select ${names(content, "x.")}, ${start.at}, ${start.by}, ${writing.yes} from (
        select ${names(content, "t.")}, ${facts.sql} from ${ref(schema, plan.target)} as t${within.sql}
        left join ${history} as h on ${sameKey(writing, plan, ["h", "t"])} and ${writing.isTrue(`h.${q(B.current)}`)}${changed}
        where h.${q(plan.key[0] ?? "")} is null${isLive(writing, plan)}) as x`,
    bindings: [...facts.bindings, ...within.bindings],
  };
}
