import type { EventEffect, EventRule, KeyValues } from "@tidemark/catalog";
import { TidemarkError } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";

/** One polled query of the System Log. Its `next` link is the only safe cursor: no event is lost, none comes twice. */
export interface FeedChain {
  /** Event types that it asks for. */
  readonly types: readonly string[];
  /** Link to poll next; null before the first request, which starts at `since`. */
  readonly next: string | null;
  /** ISO instant where the chain began. */
  readonly since: string;
}

/** Where the change feed stands; stored beside the work list that was made from it. */
export interface FeedCursor {
  readonly chains: readonly FeedChain[];
  /** Event type → until when (ms, Okta's clock) its events were read, also of types that no present chain asks for. */
  readonly covered: Readonly<Record<string, number>>;
}

/** A rule of the catalog, with the object that it is about. */
export interface ObjectEventRule extends EventRule {
  readonly object: string;
}

/** What an event asks for. */
export interface FeedEntry {
  readonly object: string;
  readonly effect: EventEffect;
  readonly key: KeyValues;
  /** `published`, ms. */
  readonly eventAt: number;
  /** Place in the feed, also across runs: of two entries about one pair the later one counts. */
  readonly seq: number;
}

/** One page of the feed: the entries, and the cursor that stands for them. */
export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  readonly cursor: FeedCursor;
  readonly events: number;
  /** The chain had to be restarted; events may have come twice, none is missing. */
  readonly restarted: boolean;
}

/** Long filters are split over several chains: the URL, and with it Okta's answer headers (E0000256), must stay short. */
const MAX_FILTER_LENGTH = 4000;
/** A restarted chain goes back this far behind the last event, as events may be published out of order (Okta docs). */
const RESTART_OVERLAP_MS = 60 * 60_000;
/** Okta keeps the log for 90 days and silently leaves out what is older (Okta docs). */
export const LOG_RETENTION_MS = 90 * 24 * 60 * 60_000;

/** The event types split into chains, in a fixed order so that an unchanged selection keeps its links. */
export function feedChains(types: readonly string[]): string[][] {
  const chains: string[][] = [];
  let current: string[] = [];
  for (const type of [...new Set(types)].sort()) {
    if (current.length > 0 && encodeURIComponent(filterOf([...current, type])).length > MAX_FILTER_LENGTH) {
      chains.push(current);
      current = [];
    }
    current.push(type);
  }
  if (current.length > 0) chains.push(current);
  return chains;
}

function filterOf(types: readonly string[]): string {
  return types.map((type) => `eventType eq "${type}"`).join(" or ");
}

/** How the feed is read. */
export interface FeedOptions {
  readonly client: OktaClient;
  readonly rules: readonly ObjectEventRule[];
  readonly cursor: FeedCursor | null;
  /** Where a feed without cursor starts (ms, Okta's clock). */
  readonly since: number;
}

/**
 * Reads every chain until it is caught up (an empty page). Each page is delivered with the cursor to store beside its
 * entries. A selection of other event types, or a refused link, restarts a chain behind what was covered.
 */
export async function* readFeed(options: FeedOptions): AsyncGenerator<FeedPage, void, undefined> {
  let cursor = startCursor(feedChains(options.rules.flatMap((rule) => rule.types)), options);
  const byType = rulesByType(options.rules);
  // Grows from run to run as well, because entries of earlier runs may still be waiting.
  let seq = options.client.now() * 1000;
  for (let index = 0; index < cursor.chains.length; index += 1) {
    for (let restarted = false; ; restarted = true) {
      const chain = cursor.chains[index];
      if (!chain) break;
      try {
        for await (const page of pollChain(options.client, chain)) {
          const entries = page.items.flatMap((event) => entriesOf(event, byType, () => (seq += 1)));
          cursor = advance(cursor, index, { next: page.next, at: options.client.now() });
          yield { entries, cursor, events: page.items.length, restarted };
        }
        break;
      } catch (error) {
        if (restarted || chain.next === null || !isRefusedLink(error)) throw error;
        const since = coveredUntil(chain.types, options);
        cursor = replaceChain(cursor, index, { ...chain, next: null, since: new Date(since).toISOString() });
      }
    }
  }
}

function pollChain(client: OktaClient, chain: FeedChain): AsyncGenerator<{ items: unknown[]; next: string | null }> {
  if (chain.next !== null) return client.pages(chain.next, { stopWhenCaughtUp: true });
  const query = { since: chain.since, limit: "1000", filter: filterOf(chain.types), sortOrder: "ASCENDING" };
  return client.pages("/api/v1/logs", { query, stopWhenCaughtUp: true });
}

function startCursor(chains: readonly (readonly string[])[], options: FeedOptions): FeedCursor {
  const stored = options.cursor?.chains ?? [];
  return {
    chains: chains.map((types) => {
      const same = stored.find((chain) => chain.types.join() === types.join());
      return same ?? { types, next: null, since: new Date(coveredUntil(types, options)).toISOString() };
    }),
    covered: options.cursor?.covered ?? {},
  };
}

/** Where a new chain starts: behind the type that was read the longest ago; types never read before start at `since`. */
function coveredUntil(types: readonly string[], options: FeedOptions): number {
  const covered = types.flatMap((type) => options.cursor?.covered[type] ?? []);
  return Math.min(options.since, ...covered.map((until) => until - RESTART_OVERLAP_MS));
}

function advance(cursor: FeedCursor, index: number, page: { next: string | null; at: number }): FeedCursor {
  const chain = cursor.chains[index];
  if (!chain) return cursor;
  const covered = { ...cursor.covered, ...Object.fromEntries(chain.types.map((type) => [type, page.at])) };
  return { ...replaceChain(cursor, index, { ...chain, next: page.next ?? chain.next }), covered };
}

function replaceChain(cursor: FeedCursor, index: number, chain: FeedChain): FeedCursor {
  return { ...cursor, chains: cursor.chains.map((existing, at) => (at === index ? chain : existing)) };
}

function isRefusedLink(error: unknown): boolean {
  return error instanceof TidemarkError && (error.code === "OKTA_CURSOR_EXPIRED" || error.code === "OKTA_BAD_REQUEST");
}

function rulesByType(rules: readonly ObjectEventRule[]): ReadonlyMap<string, readonly ObjectEventRule[]> {
  const byType = new Map<string, ObjectEventRule[]>();
  for (const rule of rules) {
    for (const type of rule.types) {
      const list = byType.get(type);
      if (list) list.push(rule);
      else byType.set(type, [rule]);
    }
  }
  return byType;
}

interface LogEventShape {
  readonly eventType?: unknown;
  readonly published?: unknown;
  readonly outcome?: { readonly result?: unknown } | null;
  readonly target?: unknown;
}

function publishedAt(event: unknown): number | null {
  const published = (event as LogEventShape | null)?.published;
  const at = typeof published === "string" ? Date.parse(published) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** Entries of one event. Only what succeeded changed anything (Okta docs: outcome.result must be SUCCESS). */
export function entriesOf(
  event: unknown,
  byType: ReadonlyMap<string, readonly ObjectEventRule[]>,
  nextSeq: () => number,
): FeedEntry[] {
  const { eventType, outcome, target } = (event ?? {}) as LogEventShape;
  const rules = typeof eventType === "string" ? byType.get(eventType) : undefined;
  if (!rules || (outcome?.result !== undefined && outcome.result !== "SUCCESS")) return [];
  const eventAt = publishedAt(event) ?? 0;
  const targets = targetIds(target);
  return rules.flatMap((rule) =>
    keysOf(rule, targets).map((entry) => ({ ...entry, object: rule.object, eventAt, seq: nextSeq() })),
  );
}

function targetIds(target: unknown): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  if (!Array.isArray(target)) return ids;
  for (const entry of target as { readonly type?: unknown; readonly id?: unknown }[]) {
    if (typeof entry?.type !== "string" || typeof entry.id !== "string") continue;
    const list = ids.get(entry.type);
    if (list) list.push(entry.id);
    else ids.set(entry.type, [entry.id]);
  }
  return ids;
}

/** The keys an event names: every combination of its targets. Without one of them the whole object is read again, if the rule says no other. */
function keysOf(
  rule: EventRule,
  targets: ReadonlyMap<string, readonly string[]>,
): { effect: EventEffect; key: KeyValues }[] {
  let keys: KeyValues[] = [{}];
  for (const [column, type] of Object.entries(rule.key)) {
    const ids = targets.get(type) ?? [];
    keys = keys.flatMap((key) => ids.map((id) => ({ ...key, [column]: id })));
  }
  if (keys.length > 0) return keys.map((key) => ({ effect: rule.effect, key }));
  return rule.effect === "gone" || rule.onlyWithTargets === true ? [] : [{ effect: "whole", key: {} }];
}
