import { hostname } from "node:os";

import { RetryableError } from "@tidemark/kernel";
import type { Lease } from "@tidemark/warehouse";

import type { Run } from "./run.js";

/** A holder that is silent this long has lost its lease. */
const LEASE_TTL_MS = 60_000;
/** A little more than the lease's own life, against rounding between two clocks. */
const GRACE_MS = 500;
/** Who waits looks this often whether the holder has ended. */
const POLL_MS = 1_000;

/**
 * Takes an object's lease. One held by a dead process of this machine is taken over at once; any other is waited for
 * until it is released, or once as long as it has left: who crashed elsewhere does not renew it in that time.
 * @throws RetryableError LEASE_HELD when the holder is alive and goes on.
 */
export async function takeLease(run: Run, object: string): Promise<Lease> {
  const options = {
    holder: `run ${run.id} on ${hostname()} pid ${process.pid}`,
    ttlMs: LEASE_TTL_MS,
    isDead: isDeadHere,
  };
  let patience: number | null = null;
  for (let waited = 0; ;) {
    try {
      return await run.warehouse.acquireLease(object, options);
    } catch (error) {
      if (!(error instanceof RetryableError) || error.code !== "LEASE_HELD") throw error;
      if (patience === null) run.logger.info("waiting for a lease", { object, holder: error.message });
      patience ??= (error.retryAfterMs ?? LEASE_TTL_MS) + GRACE_MS;
      if (waited >= patience) throw error;
      const pause = Math.min(POLL_MS, patience - waited);
      await run.clock.sleep(pause, run.signal);
      waited += pause;
    }
  }
}

/** True when the holder was a process of this machine that is no more. */
function isDeadHere(holder: string): boolean {
  const place = / on (\S+) pid (\d+)$/.exec(holder);
  if (!place || place[1] !== hostname()) return false;
  const pid = Number(place[2]);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
