import { isAbort } from "@tidemark/kernel";

import { readChangeFeed } from "./change-feed.js";
import { closeRun, openRun } from "./open-run.js";
import { isFatal } from "./outcome.js";
import { readStates } from "./quiet.js";
import { planObjects } from "./plan-objects.js";
import { replicateObject } from "./replicate-object.js";
import type { ObjectReport, RunReport } from "./report.js";
import type { ObjectPlan, ReplicateOptions, Run } from "./run.js";

/**
 * Brings a pipeline's tables up to what Okta is now: opens both ends, learns from the System Log what changed, and
 * replicates object by object, parents before their children.
 *
 * Resolves with the run's report whatever Okta or the database answered; what each object committed before a fault
 * stays, and the next run carries on from there.
 * @throws TerminalError CONFIG_… or USAGE when the call itself is wrong, before anything is touched.
 */
export async function replicate(options: ReplicateOptions): Promise<RunReport> {
  const opened = await openRun(options);
  if ("report" in opened) return opened.report;
  const { run } = opened;
  const reports: ObjectReport[] = [];
  try {
    const plans = planObjects(run);
    await readChangeFeed(run, plans);
    run.states = await readStates(run);
    await replicateAll(run, plans, reports);
    return await closeRun(run, reports, null);
  } catch (error) {
    return await closeRun(run, reports, error);
  }
}

/** Objects run side by side, each after those it depends on. The first fault that concerns all of them stops the others. */
async function replicateAll(run: Run, plans: readonly ObjectPlan[], reports: ObjectReport[]): Promise<void> {
  const ended = new Map<string, Promise<ObjectReport | null>>();
  let fatal: { error: unknown } | null = null;
  const replicateOne = async (plan: ObjectPlan): Promise<ObjectReport | null> => {
    const before = await Promise.all(plan.dependsOn.map((name) => ended.get(name)));
    if (run.signal.aborted) return null;
    try {
      const report = await replicateObject(run, { ...plan, before: before.flatMap((entry) => entry ?? []) });
      reports.push(report);
      return report;
    } catch (error) {
      if (!isFatal(error)) throw error;
      // An abort that follows a fault is its consequence, not a fault of its own.
      if (fatal === null || isAbort(fatal.error)) fatal = { error };
      run.stop(error);
      return null;
    }
  };
  for (const plan of plans) ended.set(plan.definition.name, replicateOne(plan));
  await Promise.all(ended.values());
  if (fatal !== null) throw (fatal as { error: unknown }).error;
  if (run.signal.aborted) throw run.signal.reason;
}
