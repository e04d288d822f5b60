import {
  type KeyValues,
  type ListDefinition,
  type ObjectDefinition,
  objectNamed,
  parentsOf,
  schemaObjectOf,
} from "@tidemark/catalog";
import {
  cutSlices,
  feedChains,
  fillPath,
  LOG_RETENTION_MS,
  readList,
  readScopes,
  type Scope,
} from "@tidemark/extractor";
import { TidemarkError } from "@tidemark/kernel";

import { isCheapToList } from "../mode.js";
import { MOST_REFUSED, SCOPES_AHEAD } from "../reading.js";
import type { ObjectPlan } from "../run.js";
import { ModelClock } from "./model-clock.js";
import { type ModelCounter, type ModelLimits, type ModelList, ModelOrg, pathOfBucket } from "./model-org.js";
import { queriesOf, type ScopeSize, type Survey, type Surveyed } from "./surveyed.js";
import { pageOf, placesOf, refusalOf, rowCost } from "./modelled.js";
import type { Cost } from "./types.js";

/**
 * Time of the database and of our own work, measured with the embedded PostgreSQL on two cores: to open a run, to begin
 * and end an object (a first load makes its tables), for a request (for rows: modelled). Okta's time is measured anew.
 */
const OPENING_MS = 150;
const OBJECT_MS = { first: { begin: 60, end: 30 }, idle: { begin: 10, end: 10 } };
const REQUEST_MS = 1;
/** As a run asks for them; see moved-parents. */
const COUNTED_AT_ONCE = 20;

/** What an estimate is made from. */
export interface EstimateOptions {
  readonly plans: readonly ObjectPlan[];
  readonly survey: Survey;
  readonly limits: ModelLimits;
  /** Okta's clock now (ms). */
  readonly now: number;
  /** Requests that begin a run (organization, roles), by bucket. */
  readonly beginning: Readonly<Record<string, number>>;
  /** Requests that the change feed's last five minutes took beyond one for each of its chains. */
  readonly feedPages: number;
  readonly logReadable: boolean;
  /** How much slower this machine is than the one of the measurements. */
  readonly slowness: number;
  readonly latencyMs: (path: string | null) => number;
}

/** A run thought through. */
export interface ModelledRun {
  readonly cost: Cost;
  readonly overhead: number;
  readonly objects: ReadonlyMap<string, Cost>;
}

/**
 * Goes through a run in a moment: the same readers and the same rate ledger as a real one, against an org that has the
 * counted rows and answers as fast as the real one did, by a clock that jumps. What it counts is what the run will send.
 */
export async function modelRun(kind: "first" | "idle", options: EstimateOptions): Promise<ModelledRun> {
  const clock = new ModelClock(options.limits.askedAt);
  return clock.run(new RunModel(kind, clock, options).run());
}

class RunModel {
  readonly #kind: "first" | "idle";
  readonly #clock: ModelClock;
  readonly #options: EstimateOptions;
  readonly #org: ModelOrg;
  readonly #lists = new Map<string, ModelList>();
  readonly #beginning: ModelCounter = { requests: 0 };
  readonly #direct = new Map<string, Promise<void>>();
  /** Until when the one thread that we have is busy. */
  #busyUntil = 0;

  constructor(kind: "first" | "idle", clock: ModelClock, options: EstimateOptions) {
    this.#kind = kind;
    this.#clock = clock;
    this.#options = options;
    this.#org = new ModelOrg({ clock, lists: this.#lists, limits: options.limits });
  }

  async run(): Promise<ModelledRun> {
    const { plans, now } = this.#options;
    await this.#org.remember();
    await this.#clock.sleep(now - this.#clock.now());
    await this.#work(OPENING_MS);
    for (const [bucket, count] of Object.entries(this.#options.beginning)) {
      for (let sent = 0; sent < count; sent += 1) await this.#ask(pathOfBucket(bucket), null);
    }
    await this.#readFeed();
    const objects = new Map<string, Cost>();
    const ended = new Map<string, Promise<void>>();
    for (const plan of plans) {
      const counter: ModelCounter = { requests: 0 };
      const run = Promise.all(plan.dependsOn.map((name) => ended.get(name)))
        .then(() => this.#object(plan, counter))
        .then(
          () =>
            void objects.set(plan.definition.name, {
              requests: counter.requests,
              seconds: (this.#clock.now() - now) / 1000,
            }),
        );
      ended.set(plan.definition.name, run);
    }
    await Promise.all(ended.values());
    const requests = [...objects.values()].reduce((sum, cost) => sum + cost.requests, this.#beginning.requests);
    return {
      cost: { requests, seconds: (this.#clock.now() - now) / 1000 },
      overhead: this.#beginning.requests,
      objects,
    };
  }

  async #readFeed(): Promise<void> {
    const { plans, feedPages, logReadable } = this.#options;
    const chains = feedChains(
      plans.flatMap(({ definition }) => definition.events.flatMap((rule) => rule.types)),
    ).length;
    const more = this.#kind === "first" && logReadable ? feedPages : 0;
    // Without the right to read it, the first question is the last.
    const requests = chains === 0 ? 0 : logReadable ? chains + more : 1;
    for (let sent = 0; sent < requests; sent += 1) await this.#ask("/api/v1/logs", "/api/v1/logs");
  }

  async #object({ definition, selection }: ObjectPlan, counter: ModelCounter): Promise<void> {
    const found = this.#options.survey.get(definition.name);
    await this.#work(OBJECT_MS[this.#kind].begin);
    const schemas = schemaObjectOf(definition);
    if (schemas) await this.#readDirectly(schemas);
    if (!found || this.#isReadDirectly(definition)) return;
    try {
      if (definition.incremental.how === "append") await this.#readAppended(found, selection, counter);
      else await this.#read(found, counter);
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
    }
    await this.#work(OBJECT_MS[this.#kind].end);
  }

  /** Small objects that give others their columns are read once a run, for themselves as well. */
  #isReadDirectly(definition: ObjectDefinition): boolean {
    return this.#options.plans.some((plan) => {
      for (let one = schemaObjectOf(plan.definition); one; one = one.parent && objectNamed(one.parent.object)) {
        if (one.name === definition.name) return true;
      }
      return false;
    });
  }

  #readDirectly(definition: ObjectDefinition): Promise<void> {
    const reading = this.#direct.get(definition.name) ?? this.#readOnce(definition);
    this.#direct.set(definition.name, reading);
    return reading;
  }

  async #readOnce(definition: ObjectDefinition): Promise<void> {
    const parent = definition.parent && objectNamed(definition.parent.object);
    if (parent) await this.#readDirectly(parent);
    const found = this.#options.survey.get(definition.name);
    const requests = found?.size?.kind === "scopes" ? found.size.scopes.length : 1;
    if (found && found.status !== "ok" && found.status !== "unchecked")
      await this.#ask(definition.list.path, definition.list.path);
    else for (let sent = 0; sent < requests; sent += 1) await this.#ask(definition.list.path, definition.list.path);
  }

  async #read(found: Surveyed, counter: ModelCounter): Promise<void> {
    const { definition, size } = found;
    const { how } = definition.incremental;
    const { logReadable } = this.#options;
    const whole =
      this.#kind === "first" ||
      how === "compare" ||
      (how === "log" && !logReadable && isCheapToList(definition)) ||
      refusalOf(found) !== null;
    if (definition.parent) {
      const scopes = size?.kind === "scopes" ? size.scopes : this.#unsized(found);
      // No parent is without rows: those that seem so are asked again.
      const forgotten = definition.parent.neverEmpty ? scopes.filter(({ rows }) => rows === 0) : [];
      if (whole) await this.#readScopes(found, scopes, counter);
      else if (how === "parent") await this.#readMoved(found, scopes, counter);
      else await this.#readScopes(found, forgotten, counter);
      return;
    }
    if (!whole && (how === "log" || how === "reconcile")) return;
    const parts = size?.kind === "list" ? size.parts : [0];
    for (const [index, list] of queriesOf(definition.list).slice(0, parts.length).entries())
      await this.#readList({ ...found, list }, whole ? (parts[index] ?? 0) : 0, counter);
  }

  async #readList(what: Surveyed & { readonly list: ListDefinition }, rows: number, counter: ModelCounter) {
    const { definition, list } = what;
    this.#lists.set(list.path, { ...pageOf(list), rows, refused: refusalOf(what) });
    const client = this.#org.client({ latencyMs: this.#options.latencyMs(list.path), priority: 0, counter });
    for await (const emission of readList({ client, list, scoped: false })) {
      if (emission.kind === "items") await this.#work(REQUEST_MS + emission.items.length * rowCost(definition));
    }
  }

  /** A feed's past in slices, of which nobody knows the size, and the chain that is polled. */
  async #readAppended(found: Surveyed, selection: ObjectPlan["selection"], counter: ModelCounter): Promise<void> {
    const { list } = found.definition;
    const { sinceMs, retainMs } = selection;
    const back = Math.min(sinceMs ?? LOG_RETENTION_MS, retainMs ?? LOG_RETENTION_MS, LOG_RETENTION_MS);
    const first = this.#kind === "first" || refusalOf(found) !== null;
    const slices = first ? cutSlices(this.#options.now - back, this.#options.now).length : 0;
    // A page that holds something is followed by the empty one at which polling ends.
    const chain = first && found.size?.kind === "feed" && found.size.recent ? 2 : 1;
    const send = (): Promise<void> =>
      this.#org.send(list.path, { latencyMs: this.#options.latencyMs(list.path), priority: 0, counter });
    await Promise.all(Array.from({ length: slices }, send));
    if (refusalOf(found) === null) for (let sent = 0; sent < chain; sent += 1) await send();
  }

  /** One request under each parent, when an object's own rows could not be had. */
  #unsized({ definition }: Surveyed): readonly ScopeSize[] {
    const parents = parentsOf(definition).flatMap(({ name }) => this.#options.survey.get(name)?.listed ?? []);
    return parents.map(() => ({ rows: 0, knownEmpty: false, movedAt: null }));
  }

  async #readScopes(found: Surveyed, sizes: readonly ScopeSize[], counter: ModelCounter): Promise<void> {
    const { definition } = found;
    const { list } = definition;
    const page = { ...pageOf(list), refused: refusalOf(found) };
    const scopes: Scope[] = sizes.map((scope, index) => {
      const values: KeyValues = Object.fromEntries(placesOf(definition).map((column) => [column, String(index)]));
      this.#lists.set(fillPath(list.path, values), { ...page, rows: scope.rows });
      return scope.knownEmpty ? { values, empty: true } : { values };
    });
    const client = this.#org.client({ latencyMs: this.#options.latencyMs(list.path), priority: 0, counter });
    const reading = { client, list, scopes, concurrency: SCOPES_AHEAD, mostRefused: MOST_REFUSED };
    for await (const emission of readScopes(reading)) {
      if (emission.kind === "items") await this.#work(REQUEST_MS + emission.items.length * rowCost(definition));
    }
  }

  /** Parents that moved so shortly before the first load that the next run looks at them once more. */
  async #readMoved(found: Surveyed, scopes: readonly ScopeSize[], counter: ModelCounter): Promise<void> {
    const { definition } = found;
    const { incremental, parent } = definition;
    if (incremental.how !== "parent" || !parent) return;
    const since = this.#options.now - incremental.overlapMinutes * 60_000;
    const moved = scopes.filter(({ movedAt }) => movedAt !== null && movedAt > since);
    const large = moved.filter(({ rows }) => rows > incremental.largeScope);
    const path = objectNamed(parent.object)?.list.path ?? "/";
    const asked = Math.ceil(large.length / COUNTED_AT_ONCE);
    for (let sent = 0; sent < asked; sent += 1) {
      await this.#org.send(path, { latencyMs: this.#options.latencyMs(path), priority: 0, counter });
    }
    const small = moved.filter(({ rows }) => rows <= incremental.largeScope);
    await this.#readScopes(
      found,
      small.map((scope) => ({ ...scope, knownEmpty: false })),
      counter,
    );
  }

  /** A request that belongs to no object. */
  #ask(path: string, measured: string | null): Promise<void> {
    const plain = path.replaceAll(/\{[^}]*\}/g, "x");
    return this.#org.send(plain, {
      latencyMs: this.#options.latencyMs(measured),
      priority: 1,
      counter: this.#beginning,
    });
  }

  /** Work of ours: one piece after the other. */
  async #work(ms: number): Promise<void> {
    const now = this.#clock.now();
    this.#busyUntil = Math.max(now, this.#busyUntil) + ms * this.#options.slowness;
    await this.#clock.sleep(this.#busyUntil - now);
  }
}
