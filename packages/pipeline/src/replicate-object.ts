import type { KeyValues } from "@tidemark/catalog";
import type { LoadCounts } from "@tidemark/loader";

import { type FilledBatch, intoBatches } from "./batches.js";
import { judgeAbsence, type Verdict } from "./judge.js";
import { openObject, type OpenObject } from "./open-object.js";
import { describeError, isFatal, statusOfError } from "./outcome.js";
import { readPass } from "./read-pass.js";
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
  let object: OpenObject | null = null;
  try {
    object = await openObject(run, plan, { client, tally });
    await commitAll(object, tally);
    const verdict = await judge(object, tally);
    tally.add(await object.finish(verdict));
    if (verdict.spared.length > 0) {
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
  const count = await object.loader.findAbsent();
  const keys = (): Promise<readonly KeyValues[]> => object.loader.absentees(count);
  return judgeAbsence({ count, keys, listed: object.listedWhole, emptyScopes: object.emptyScopes }, object.judgement);
}

function outcome(object: OpenObject, verdict: Verdict, tally: Tally): Parameters<Tally["report"]> {
  if (verdict.doubt !== null) return ["guarded", verdict.doubt];
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

function priorityOf(plan: ObjectPlan): number {
  return plan.definition.preset === "per-user" ? -1 : 0;
}
