import { feedChains, readFeed } from "@tidemark/extractor";
import { resolveObjects } from "@tidemark/catalog";
import type { Pipeline } from "@tidemark/config";
import { TidemarkError } from "@tidemark/kernel";
import type { OktaClient, OktaGrants } from "@tidemark/okta-client";

import { FIRST_POLL_BACK_MS } from "../change-feed.js";
import { type ConnectedOkta, connectOkta, type Surroundings } from "../connect.js";
import { scheduleNote } from "../not-yet.js";
import { isFatal } from "../outcome.js";
import type { ObjectPlan } from "../run.js";
import { roleText } from "../trust.js";
import { Asking } from "./asking.js";
import { slowness } from "./machine.js";
import { type EstimateOptions, modelRun } from "./estimate.js";
import { othersIn } from "./model-org.js";
import { type PlanGroup, planGroups } from "./plan-groups.js";
import { problemOf } from "./problems.js";
import { survey } from "./survey.js";
import type { Survey, Surveyed } from "./surveyed.js";
import type { BucketCheck, CheckOptions, LoadEstimate, ObjectCheck, OktaCheck, OktaCredentials } from "./types.js";

type Findings = { -readonly [Key in keyof OktaCheck]: OktaCheck[Key] };

/** Asks an org who we are to it, what it lets us read, and how much there is. */
export async function checkOkta(name: string, options: CheckOptions, surroundings: Surroundings): Promise<OktaCheck> {
  const findings: Findings = {
    connection: name,
    kind: "okta",
    type: "okta",
    ok: false,
    problems: [],
    warnings: [],
    settings: {},
    org: null,
    credentials: null,
    log: null,
    objects: [],
    buckets: [],
    loads: [],
    requests: 0,
    latencyMs: null,
  };
  let connected: ConnectedOkta | null = null;
  try {
    connected = await connectOkta(options.config, name, surroundings);
    findings.settings = settingsOf(connected);
    await new OktaChecking(connected, { findings, options, surroundings }).look();
    findings.ok = true;
  } catch (error) {
    findings.problems = [problemOf(error)];
  } finally {
    findings.requests = connected?.client.stats.requests ?? 0;
    await connected?.client.close();
  }
  return findings;
}

/** Where each setting came from: the place in the file where it is, else the variable or file that filled it in. */
function settingsOf({ connection, sources }: ConnectedOkta): Record<string, string> {
  const settings: Record<string, string> = { ...sources };
  for (const [key, place] of Object.entries(connection.origins)) settings[key === "subdomain" ? "orgUrl" : key] = place;
  settings["rateLimit"] ??= `default (share ${connection.rateLimit.share})`;
  return settings;
}

class OktaChecking {
  readonly #findings: Findings;
  readonly #options: CheckOptions;
  readonly #client: OktaClient;
  readonly #asking: Asking;
  readonly #share: number;
  readonly #clock: Surroundings["clock"];
  readonly #begun: number;
  readonly #connected: ConnectedOkta;

  constructor(
    connected: ConnectedOkta,
    context: { findings: Findings; options: CheckOptions; surroundings: Surroundings },
  ) {
    const { options, surroundings } = context;
    this.#connected = connected;
    this.#findings = context.findings;
    this.#options = options;
    this.#clock = surroundings.clock;
    this.#begun = surroundings.clock.now();
    this.#share = connected.connection.rateLimit.share;
    this.#client = connected.client.scoped({ label: "check", ...(options.signal ? { signal: options.signal } : {}) });
    this.#asking = new Asking(this.#client, { clock: surroundings.clock, share: this.#share });
  }

  async look(): Promise<void> {
    const findings = this.#findings;
    this.#tell("asking who we are");
    const organization = await this.#client.organization();
    findings.org = { id: organization.id, url: this.#client.orgUrl, engine: organization.pipeline };
    const grants = await this.#client.grants();
    const beginning = this.#client.stats.byBucket;
    findings.credentials = credentialsOf(grants);
    this.#warnAbout(grants);

    const groups = planGroups(this.#connected.connection.name, this.#options.config);
    for (const { pipeline } of groups.flat()) {
      if (pipeline === null) continue;
      for (const note of scheduleNote(pipeline)) this.#warn(note);
    }
    const feed = await this.#readLog(groups.flatMap((group) => group.flatMap(({ plans }) => plans)));
    const surveys = await this.#survey(groups, grants);
    findings.latencyMs = round(this.#asking.latency());
    findings.buckets = this.#client.buckets().map((bucket) => bucketCheck(bucket, this.#share));
    findings.objects = objectChecks(surveys, groups);
    this.#tell("estimating");
    findings.loads = await this.#estimate(groups, surveys, { beginning, feedPages: feed.pages });
  }

  #tell(step: string): void {
    const { connection } = this.#findings;
    this.#options.progress?.({ connection, step, requests: this.#client.stats.requests });
  }

  #warn(message: string): void {
    if (!this.#findings.warnings.includes(message)) this.#findings.warnings = [...this.#findings.warnings, message];
  }

  #warnAbout(grants: OktaGrants): void {
    if (grants.scopes === null)
      this.#warn(
        "An API token dies after 30 days without use, and with its owner: run at least every few weeks, as a service account",
      );
    if (grants.roles === "unknown") {
      this.#warn(
        "The token may not ask for its own admin roles: a role that it loses later shows only in what it no longer sees",
      );
    }
  }

  /** Reads the change feed as a first run does, and remembers nothing of it. */
  async #readLog(plans: readonly ObjectPlan[]): Promise<{ pages: number }> {
    this.#tell("reading the System Log");
    const byName = new Map(plans.map(({ definition }) => [definition.name, definition]));
    const rules = [...byName.values()].flatMap((definition) =>
      definition.events.map((rule) => ({ ...rule, object: definition.name })),
    );
    const client = this.#client.scoped({ label: "change feed" });
    try {
      if (rules.length === 0)
        await this.#asking.first({ path: "/api/v1/logs", pageSize: 1, query: { limit: "1" } }, {});
      let pages = 0;
      for await (const page of readFeed({ client, rules, cursor: null, since: client.now() - FIRST_POLL_BACK_MS })) {
        void page;
        if ((pages += 1) >= MOST_FEED_PAGES) break;
      }
      this.#findings.log = { readable: true, reason: null };
      const chains = feedChains(rules.flatMap((rule) => rule.types)).length;
      return { pages: Math.max(0, client.stats.requests - chains) };
    } catch (error) {
      if (!(error instanceof TidemarkError) || isFatal(error)) throw error;
      this.#findings.log = { readable: false, reason: error.message };
      this.#warn(
        "The System Log may not be read: changes of applications and assignments are found by listing everything, deletions at the next reconcile only. Grant okta.logs.read and an admin role that may view the log (Report Administrator, Read-only Administrator)",
      );
      return { pages: 0 };
    }
  }

  async #survey(groups: readonly PlanGroup[], grants: OktaGrants): Promise<Survey[]> {
    const seesAll = grants.roles === "unknown" || grants.roles.every(({ targets }) => targets === null);
    const surveys: Survey[] = [];
    for (const group of groups) {
      const plans = [
        ...new Map(group.flatMap(({ plans: own }) => own).map((plan) => [plan.definition.name, plan])).values(),
      ];
      const order = resolveObjects(plans.map(({ definition }) => definition.name)).objects;
      const sorted = order.flatMap((definition) => plans.find((plan) => plan.definition === definition) ?? []);
      surveys.push(
        await survey(sorted, {
          asking: this.#asking,
          seesAll,
          now: () => this.#client.now(),
          onObject: (object) => this.#tell(`asking for ${object}`),
          warn: (message) => this.#warn(message),
        }),
      );
    }
    return surveys;
  }

  async #estimate(
    groups: readonly PlanGroup[],
    surveys: readonly Survey[],
    run: Pick<EstimateOptions, "beginning" | "feedPages">,
  ): Promise<LoadEstimate[]> {
    const slow = await slowness();
    const now = this.#clock.now();
    const limits = {
      share: this.#share,
      buckets: this.#client.buckets(),
      askedAt: now - Math.min(60_000, now - this.#begun) / 2,
    };
    const typical = this.#asking.latency() ?? 200;
    const latencyMs = (path: string | null): number =>
      path === null ? typical : (this.#asking.latency(path) ?? typical);
    const logReadable = this.#findings.log?.readable === true;
    const loads: LoadEstimate[] = [];
    for (const [index, group] of groups.entries()) {
      const found = surveys[index] ?? new Map<string, Surveyed>();
      for (const { pipeline, plans } of group) {
        for (const { definition } of plans) {
          if (definition.incremental.how === "append")
            this.#warn(`Nobody can count ${definition.name} beforehand: its first load comes on top of the estimate`);
        }
        loads.push(
          await loadEstimate(pipeline, {
            ...run,
            plans,
            survey: found,
            limits,
            now,
            logReadable,
            latencyMs,
            slowness: slow,
          }),
        );
      }
    }
    return loads;
  }
}

/** Enough to see that the log is busy. */
const MOST_FEED_PAGES = 10;

async function loadEstimate(pipeline: Pipeline | null, options: EstimateOptions): Promise<LoadEstimate> {
  const first = await modelRun("first", options);
  const idle = await modelRun("idle", options);
  const none = { requests: 0, seconds: 0 };
  return {
    pipeline: pipeline?.name ?? null,
    first: rounded(first.cost),
    idle: rounded(idle.cost),
    overhead: { first: first.overhead, idle: idle.overhead },
    objects: options.plans.map(({ definition: { name } }) => {
      const found = options.survey.get(name);
      return {
        object: name,
        rows: rowsOf(found),
        exact: found?.exact ?? false,
        first: rounded(first.objects.get(name) ?? none),
        idle: rounded(idle.objects.get(name) ?? none),
      };
    }),
  };
}

function rowsOf(found: Surveyed | undefined): number | null {
  if (!found?.size || found.size.kind === "feed") return null;
  return found.size.kind === "list" ? found.size.rows : found.size.scopes.reduce((sum, scope) => sum + scope.rows, 0);
}

function objectChecks(surveys: readonly Survey[], groups: readonly PlanGroup[]): ObjectCheck[] {
  const checks = new Map<string, ObjectCheck>();
  for (const [index, found] of surveys.entries()) {
    const named = new Set(
      (groups[index] ?? []).flatMap(({ plans }) =>
        plans.filter(({ selection }) => selection.named).map(({ definition }) => definition.name),
      ),
    );
    for (const { definition, status, problem } of found.values()) {
      const { name, scopes, adminRoles } = definition;
      const before = checks.get(name);
      checks.set(name, {
        object: name,
        status,
        named: named.has(name) || before?.named === true,
        message: problem?.message ?? null,
        remedy: status === "denied" ? helpFor(definition, problem?.remedy) : (problem?.remedy ?? null),
        scopes,
        adminRoles,
      });
    }
  }
  return [...checks.values()];
}

function helpFor({ scopes, adminRoles }: Surveyed["definition"], remedy: string | undefined): string {
  const needs = [
    scopes.length > 0 ? `scope ${scopes.join(" or ")} (service apps)` : "",
    adminRoles.length > 0 ? `one of the admin roles ${adminRoles.join(", ")}` : "",
  ];
  return [remedy, `Needs ${needs.filter(Boolean).join(", and ")}`].filter(Boolean).join(". ");
}

function credentialsOf(grants: OktaGrants): OktaCredentials {
  return {
    kind: grants.scopes === null ? "token" : "app",
    ownerId: grants.ownerId,
    roles: grants.roles === "unknown" ? "unknown" : grants.roles.map(roleText),
    scopes: grants.scopes,
  };
}

function bucketCheck(bucket: ReturnType<OktaClient["buckets"]>[number], share: number): BucketCheck {
  const { key, limit, remaining } = bucket;
  const ours = limit === null ? null : Math.max(1, Math.floor(limit * share + 1e-9));
  return { bucket: key, limit, remaining, ours, others: othersIn(bucket) };
}

function rounded({ requests, seconds }: { requests: number; seconds: number }): { requests: number; seconds: number } {
  return { requests, seconds: Math.round(seconds * 10) / 10 };
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
