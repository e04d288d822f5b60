import { type FeedCursor, LOG_RETENTION_MS, type ObjectEventRule, readFeed } from "@tidemark/extractor";
import { TidemarkError } from "@tidemark/kernel";

import type { ObjectPlan, Run } from "./run.js";

/** The first poll looks this far back, as events may reach the log late. */
export const FIRST_POLL_BACK_MS = 5 * 60_000;

/**
 * Turns the System Log since the last run into work-list entries, stored page by page together with the feed's cursor.
 * Without the right to read the log the run goes on `degraded`; after a pause beyond the log's retention everything it
 * drives is listed again.
 */
export async function readChangeFeed(run: Run, plans: readonly ObjectPlan[]): Promise<void> {
  const rules: ObjectEventRule[] = plans.flatMap(({ definition }) =>
    definition.events.map((rule) => ({ ...rule, object: definition.name })),
  );
  if (rules.length === 0 || run.ids !== null) return;
  const client = run.client.scoped({ label: "change feed", priority: 1, signal: run.signal });
  const stored = (await run.warehouse.readFeed()) as FeedCursor | null;
  run.feed.gap =
    stored !== null && rules.some((rule) => rule.types.some((type) => isForgotten(stored, type, run.startedAt)));
  if (run.feed.gap) run.warnings.push("The last run is longer ago than Okta keeps its log: everything is listed again");
  const since = run.startedAt - FIRST_POLL_BACK_MS;
  try {
    for await (const page of readFeed({ client, rules, cursor: run.feed.gap ? null : stored, since })) {
      // Okta's clock is known by the second: an event of this very second would lie ahead of it, and wait for the next run.
      const now = client.now();
      const entries = page.entries.map((entry) => ({ ...entry, dueAt: Math.min(entry.eventAt, now) }));
      await run.warehouse.enqueue(entries, { ...page.cursor });
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

function isForgotten(cursor: FeedCursor, type: string, now: number): boolean {
  const until = cursor.covered[type];
  return until !== undefined && now - until > LOG_RETENTION_MS;
}
