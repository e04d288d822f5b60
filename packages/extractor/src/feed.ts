import type { EventEffect, EventRule, KeyValues } from "@tidemark/catalog";
import { TidemarkError } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";

/** One polled query of the System Log. Its `next` link is the only safe cursor: no event is lost, none comes twice. */
export interface FeedChain {
  /** Event types that it asks for. */
  readonly types: readonly string[];
  /** For which objects they are read, see {@link feedPair}: what passed by unheeded is read again for another object. */
  readonly pairs: readonly string[];
  /** Link to poll next; null before the first request, which starts at `since`. */
  readonly next: string | null;
  /** ISO instant where the chain began. */
  readonly since: string;
}

/** Where the change feed stands; stored beside the work list that was made from it. */
export interface FeedCursor {
  /** Those of the last selection first, then those that other selections (another pipeline's) left. */
  readonly chains: readonly FeedChain[];
  /** {@link feedPair} → until when (ms, Okta's clock) such events became entries, also of pairs that no chain has now. */
  readonly covered: Readonly<Record<string, number>>;
}

/** A rule of the catalog, with the object that it is about. */
export interface ObjectEventRule extends EventRule {
  readonly object: string;
}

/** Names events of a type as far as they concern an object. */
export function feedPair(object: string, type: string): string {
  return `${object} ${type}`;
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
  /**
   * The chain had to be restarted, behind what was covered: events may have come twice, and those that reached the log
   * later than that are missing.
   */
  readonly restarted: boolean;
  /** The objects that the chain is read for. */
  readonly objects: readonly string[];
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
  /** Object → until when it is current (ms) though its events were never read; left out: it is read whole anyway. */
  readonly current?: Readonly<Record<string, number>>;
}

/** Chains kept of other selections. */
const MOST_IDLE_CHAINS = 8;

/**
 * Reads every chain until it is caught up (an empty page). Each page is delivered with the cursor to store beside its
 * entries. Another selection of objects, or a refused link, restarts a chain behind what was covered.
 */
export async function* readFeed(options: FeedOptions): AsyncGenerator<FeedPage, void, undefined> {
  const chains = feedChains(options.rules.flatMap((rule) => rule.types));
  let cursor = startCursor(chains, options);
  const byType = rulesByType(options.rules);
  // Grows from run to run as well, because entries of earlier runs may still be waiting.
  let seq = options.client.now() * 1000;
  for (let index = 0; index < chains.length; index += 1) {
    for (let restarted = false; ; restarted = true) {
      const chain = cursor.chains[index];
      if (!chain) break;
      try {
        for await (const page of pollChain(options.client, chain)) {
          const entries = page.items.flatMap((event) => entriesOf(event, byType, () => (seq += 1)));
          // Until the chain is caught up, only what stands on its pages is known.
          const at = page.items.length > 0 ? publishedAt(page.items.at(-1)) : options.client.now();
          cursor = advance(cursor, index, { next: page.next, at });
          yield { entries, cursor, events: page.items.length, restarted, objects: objectsOf(chain) };
        }
        break;
      } catch (error) {
        if (restarted || chain.next === null || !isRefusedLink(error)) throw error;
        const since = coveredUntil(chain.pairs, options);
        cursor = replaceChain(cursor, index, { ...chain, next: null, since: new Date(since).toISOString() });
      }
    }
  }
}

function objectsOf({ pairs }: FeedChain): string[] {
  return [...new Set(pairs.map(objectOfPair))];
}

function objectOfPair(pair: string): string {
  return pair.slice(0, pair.indexOf(" "));
}

function pollChain(client: OktaClient, chain: FeedChain): AsyncGenerator<{ items: unknown[]; next: string | null }> {
  if (chain.next !== null) return client.pages(chain.next, { stopWhenCaughtUp: true });
  const query = { since: chain.since, limit: "1000", filter: filterOf(chain.types), sortOrder: "ASCENDING" };
  return client.pages("/api/v1/logs", { query, stopWhenCaughtUp: true });
}

function startCursor(chains: readonly (readonly string[])[], options: FeedOptions): FeedCursor {
  const stored = options.cursor?.chains ?? [];
  const active = chains.map((types): FeedChain => {
    const pairs = pairsOf(types, options.rules);
    const same = stored.find((chain) => chain.pairs.join() === pairs.join());
    return same ?? { types, pairs, next: null, since: new Date(coveredUntil(pairs, options)).toISOString() };
  });
  const idle = stored.filter((chain) => !active.includes(chain)).slice(0, MOST_IDLE_CHAINS);
  return { chains: [...active, ...idle], covered: options.cursor?.covered ?? {} };
}

function pairsOf(types: readonly string[], rules: readonly ObjectEventRule[]): string[] {
  const pairs = rules.flatMap((rule) =>
    rule.types.filter((type) => types.includes(type)).map((type) => feedPair(rule.object, type)),
  );
  return [...new Set(pairs)].sort();
}

/** Where a new chain starts: behind the pair that was read the longest ago; new objects start at `since`. */
function coveredUntil(pairs: readonly string[], options: FeedOptions): number {
  const covered = pairs.flatMap((pair) => {
    const until = options.cursor?.covered[pair] ?? options.current?.[objectOfPair(pair)];
    return until === undefined ? [] : [until - RESTART_OVERLAP_MS];
  });
  return Math.min(options.since, ...covered);
}

function advance(cursor: FeedCursor, index: number, page: { next: string | null; at: number | null }): FeedCursor {
  const chain = cursor.chains[index];
  if (!chain) return cursor;
  const next = replaceChain(cursor, index, { ...chain, next: page.next ?? chain.next });
  const { at } = page;
  if (at === null) return next;
  const pairs = chain.pairs.map((pair) => [pair, Math.max(at, cursor.covered[pair] ?? 0)] as const);
  return { ...next, covered: { ...cursor.covered, ...Object.fromEntries(pairs) } };
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
function entriesOf(
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
