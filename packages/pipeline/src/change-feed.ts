import { type FeedCursor, feedPair, LOG_RETENTION_MS, type ObjectEventRule, readFeed } from "@tidemark/extractor";
import { TidemarkError } from "@tidemark/kernel";

import type { ObjectPlan, Run } from "./run.js";
import { READ_AGAIN_AFTER_MS } from "./work-list.js";

/** The first poll looks this far back, as events may reach the log late. */
export const FIRST_POLL_BACK_MS = 5 * 60_000;

/**
 * Turns the System Log since the last run into work-list entries, stored page by page together with the feed's cursor.
 * Without the right to read the log the run goes on `degraded`; an object whose events are older than the log's
 * retention is listed again.
 */
export async function readChangeFeed(run: Run, plans: readonly ObjectPlan[]): Promise<void> {
  const rules: ObjectEventRule[] = plans.flatMap(({ definition }) =>
    definition.events.map((rule) => ({ ...rule, object: definition.name })),
  );
  if (rules.length === 0 || run.ids !== null) return;
  const client = run.client.scoped({ label: "change feed", priority: 1, signal: run.signal });
  const place = await findPlace(run, rules);
  run.feed.gap = new Set(place.forgotten);
  if (place.forgotten.length > 0) {
    const objects = namesOf(place.forgotten);
    run.warnings.push(`The last run is longer ago than Okta keeps its log: listed again: ${objects}`);
  }
  const since = run.startedAt - FIRST_POLL_BACK_MS;
  // Stored with the cursor that passes over them: a run that ends before its objects are read must not forget them.
  let lost = place.forgotten.map((object) => wholeEntry(object, run.startedAt));
  try {
    for await (const page of readFeed({ client, rules, cursor: place.cursor, current: place.current, since })) {
      // Okta's clock is known by the second: an event of this very second would lie ahead of it, and wait for the next run.
      const now = client.now();
      const entries = page.entries.map((entry) => ({ ...entry, dueAt: Math.min(entry.eventAt, now) }));
      lost.push(...(page.restarted ? forget(run, page.objects) : []));
      await run.warehouse.enqueue([...lost, ...entries], { ...page.cursor });
      lost = [];
    }
  } catch (error) {
    if (
      !(error instanceof TidemarkError) ||
      !["OKTA_DENIED", "OKTA_UNAVAILABLE", "OKTA_NOT_FOUND"].includes(error.code)
    )
      throw error;
    run.feed.readable = false;
    run.warnings.push(
      `The System Log may not be read (${error.message}): changes are found by listing, and deletions at the next reconcile only. Grant okta.logs.read and an admin role that may view the log`,
    );
  }
}

/** Objects of which events may be missing, since the link that leads on from the last run is refused: listed again. */
function forget(run: Run, objects: readonly string[]): ReturnType<typeof wholeEntry>[] {
  const fresh = objects.filter((object) => !run.feed.gap.has(object));
  if (fresh.length === 0) return [];
  run.feed.gap = new Set([...run.feed.gap, ...fresh]);
  run.warnings.push(
    `Okta does not take the link at which the last run left its log: read again from before, and listed again: ${namesOf(fresh)}`,
  );
  return fresh.map((object) => wholeEntry(object, run.startedAt));
}

/** More names than this are counted. */
const MOST_NAMES = 12;

function namesOf(objects: readonly string[]): string {
  const sorted = objects.toSorted();
  const more = sorted.length - MOST_NAMES;
  return more > 0 ? `${sorted.slice(0, MOST_NAMES).join(", ")} and ${more} more` : sorted.join(", ");
}

interface FeedPlace {
  /** What was read, without what is out of the log's reach. */
  readonly cursor: FeedCursor | null;
  /** Objects whose events were never read, and until when their rows are current. */
  readonly current: Readonly<Record<string, number>>;
  /** Objects of which events were lost. */
  readonly forgotten: string[];
}

async function findPlace(run: Run, rules: readonly ObjectEventRule[]): Promise<FeedPlace> {
  const stored = (await run.warehouse.readFeed()) as FeedCursor | null;
  const covered = stored?.covered ?? {};
  const oldest = run.startedAt - LOG_RETENTION_MS;
  const current: Record<string, number> = {};
  const forgotten: string[] = [];
  for (const object of new Set(rules.map((rule) => rule.object))) {
    const pairs = pairsOf(rules, object);
    const unread = pairs.some((pair) => covered[pair] === undefined);
    const watermark = unread ? (await run.warehouse.readCheckpoint(object)).watermark : null;
    if (Math.min(watermark ?? Infinity, ...pairs.map((pair) => covered[pair] ?? Infinity)) < oldest)
      forgotten.push(object);
    else if (watermark !== null) current[object] = watermark;
  }
  const dropped = new Set(forgotten.flatMap((object) => pairsOf(rules, object)));
  const cursor = stored && {
    chains: stored.chains.filter((chain) => !chain.pairs.some((pair) => dropped.has(pair))),
    covered: Object.fromEntries(Object.entries(covered).filter(([pair]) => !dropped.has(pair))),
  };
  return { cursor, current, forgotten };
}

function pairsOf(rules: readonly ObjectEventRule[], object: string): string[] {
  return rules
    .filter((rule) => rule.object === object)
    .flatMap((rule) => rule.types.map((type) => feedPair(object, type)));
}

/** Not read once more, as what an event names is: whatever changes now has an event of its own. */
function wholeEntry(object: string, at: number) {
  return { object, effect: "whole" as const, key: {}, eventAt: at - READ_AGAIN_AFTER_MS, dueAt: at, seq: 0 };
}
