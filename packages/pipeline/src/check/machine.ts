import { createHash } from "node:crypto";

const PAGE = JSON.stringify(
  Array.from({ length: 200 }, (_, id) => ({
    id: `00u${id}`,
    status: "ACTIVE",
    lastUpdated: "2026-01-01T00:00:00.000Z",
    profile: Object.fromEntries(Array.from({ length: 20 }, (__, at) => [`attribute${at}`, `value ${id} of ${at}`])),
  })),
);
/** Milliseconds that a piece takes on the machine on which the constants of the estimates were measured, with nothing else running. */
const REFERENCE_MS = 1.4;
const PIECES = 30;

/** How much slower than that machine this one is now: parsing and hashing pages, as a load does it. About 100 ms of work. */
export async function slowness(): Promise<number> {
  let total = 0;
  for (let piece = 0; piece < PIECES; piece += 1) {
    const from = performance.now();
    for (const item of JSON.parse(PAGE) as unknown[]) createHash("sha256").update(JSON.stringify(item)).digest("hex");
    // The first ones are compiled on the way, as the first pages of a load are; that says nothing about the rest.
    if (piece >= PIECES / 3) total += performance.now() - from;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const mean = total / (PIECES - PIECES / 3);
  return Math.min(20, Math.max(0.2, mean / REFERENCE_MS));
}
