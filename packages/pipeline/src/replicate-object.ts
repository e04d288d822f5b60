import { type KeyValues, neededBy, type ObjectDefinition, parentsOf } from "@tidemark/catalog";
import type { LoadCounts } from "@tidemark/loader";

import { type FilledBatch, intoBatches } from "./batches.js";
import { judgeAbsence, judgeMalformed, type Verdict } from "./judge.js";
import { openObject } from "./open-object.js";
import type { OpenObject } from "./opened-object.js";
import { describeError, isFatal, statusOfError } from "./outcome.js";
import { readPass } from "./read-pass.js";
import { quietWatermark } from "./quiet.js";
import type { ObjectReport } from "./report.js";
import type { ObjectPlan, Run } from "./run.js";
import { Tally } from "./tally.js";

/**
 * One object, top to bottom: open its table under a lease, read what the pass asks for, commit rows and cursor
 * together, judge what was absent, end the pass with its watermark. A refusal by Okta is a result; only what concerns
 * the whole run is thrown.
 */
export async function replicateObject(run: Run, plan: ObjectPlan): Promise<ObjectReport> {
  const client = run.client.scoped({ label: plan.definition.name, priority: priorityOf(plan), signal: run.signal });
  const tally = new Tally({
    object: plan.definition.name,
    named: plan.selection.named,
    client,
    progress: run.progress,
  });
  const parent = unreadParent(plan);
  if (parent) return tally.report(...withoutParent(parent));
  const quiet = quietWatermark(run, plan);
  if (quiet !== null) {
    run.untouched.push({ object: plan.definition.name, watermark: quiet });
    Object.assign(tally, { mode: "incremental", watermark: quiet, expected: true });
    tally.degraded = !run.feed.readable && plan.definition.events.length > 0;
    return tally.report("succeeded", null);
  }
  let object: OpenObject | null = null;
  try {
    object = await openObject(run, plan, { client, tally });
    await commitAll(object, tally);
    const verdict = await judge(object, tally);
    tally.add(await object.finish(verdict));
    if (verdict.spared.length > 0 && object.definition.listingHides !== true) {
      tally.warnings.push(
        `${verdict.spared.length} rows were missing from the listing but are still there; they were kept`,
      );
    }
    return tally.report(...outcome(object, verdict, tally));
  } catch (error) {
    if (isFatal(error)) throw error;
    return tally.report(statusOfError(error), describeError(error));
  } finally {
    await object?.close();
  }
}

/**
 * The parent, when this run could not read it and no earlier one did: what is listed under the few parents that are
 * known would pass for everything, and what is under the others would be missing for good.
 */
function unreadParent({ definition, before }: ObjectPlan): ObjectReport | undefined {
  const isUnread = ({ status, watermark }: ObjectReport): boolean => status !== "succeeded" && watermark === null;
  const reportOf = ({ name }: ObjectDefinition): ObjectReport[] => before.filter(({ object }) => object === name);
  const parents = parentsOf(definition).flatMap(reportOf);
  // Of several kinds of parents the org may lack some (policies that only one engine has); a fault is another matter.
  const lacking = parents.filter(isUnread);
  const failed = lacking.find(({ status }) => status !== "denied" && status !== "unavailable");
  const others = neededBy(definition).slice(parentsOf(definition).length).flatMap(reportOf).find(isUnread);
  return failed ?? others ?? (lacking.length === parents.length ? lacking[0] : undefined);
}

function withoutParent({ object, status, error }: ObjectReport): Parameters<Tally["report"]> {
  const refused = status === "denied" || status === "unavailable";
  const message = `${object}, under which it is listed, was not replicated: ${error?.message ?? status}`;
  return [refused ? status : "skipped", { ...error, code: error?.code ?? "INTERNAL", message }];
}

/** Commits batch after batch; the next one is read and transformed while the database stores the last. */
async function commitAll(object: OpenObject, tally: Tally): Promise<void> {
  let storing: Promise<LoadCounts> | null = null;
  try {
    for await (const filled of intoBatches(readPass(object), object.batcher)) {
      if (storing) tally.add(await storing);
      storing = store(object, filled, tally);
    }
    if (storing) tally.add(await storing);
  } catch (error) {
    // What is on its way to the database ends before the lease is given up; its own fault would only hide the first.
    await storing?.catch(() => undefined);
    throw error;
  }
}

function store(object: OpenObject, filled: FilledBatch, tally: Tally): Promise<LoadCounts> {
  tally.read += filled.read;
  tally.tell("listing");
  const storing = object.loader.commit(filled.batch);
  storing.catch(() => undefined);
  return storing;
}

async function judge(object: OpenObject, tally: Tally): Promise<Verdict> {
  tally.tell("judging");
  if (tally.rejected > 0) {
    return judgeMalformed(object.definition, { count: tally.rejected, reason: tally.firstReject ?? "" });
  }
  const count = await object.loader.findAbsent();
  const keys = (): Promise<readonly KeyValues[]> => object.loader.absentees(count);
  return judgeAbsence({ count, keys, listed: object.listedWhole, emptyScopes: object.emptyScopes }, object.judgement);
}

function outcome(object: OpenObject, verdict: Verdict, tally: Tally): Parameters<Tally["report"]> {
  const { doubt } = verdict;
  if (doubt !== null) {
    return [doubt.code === "OKTA_MALFORMED" ? "failed" : "guarded", { ...doubt, remedy: DOUBT_REMEDY[doubt.code] }];
  }
  const first = tally.missed[0];
  if (first === undefined) return ["succeeded", null];
  const error = describeError(first);
  return [
    statusOfError(first),
    {
      ...error,
      message: `${tally.missed.length} of ${object.scopesRead + tally.missed.length} parents: ${error.message}`,
    },
  ];
}

const DOUBT_REMEDY = {
  MASS_DELETE: "See what would go by --allow-mass-delete --dry-run; if it is right, run with --allow-mass-delete",
  LISTING_DOUBTFUL:
    "Give the token its rights back, or wait until Okta lists everything again: the next complete listing decides. If the rows are gone indeed, run with --allow-mass-delete",
  OKTA_MALFORMED: "Run again; if it stays, see what a proxy or gateway on the way does to Okta's answers",
} as const;

/** In a bucket that several share, people and their groups come first, what costs a request a user comes last. */
function priorityOf({ definition }: ObjectPlan): number {
  if (definition.preset === "per-user") return -2;
  return definition.preset === "config" ? -1 : 0;
}
