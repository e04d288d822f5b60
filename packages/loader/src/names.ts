import { createHash } from "node:crypto";

import type { Capabilities } from "@tidemark/warehouse";

/** A name within the database's limit, the same every time: a long one ends in a hash of itself. */
function shorten(name: string, limits: Pick<Capabilities, "identifierBytes">): string {
  if (Buffer.byteLength(name) <= limits.identifierBytes) return name;
  const tail = `_${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
  let head = name;
  while (Buffer.byteLength(head + tail) > limits.identifierBytes) head = head.slice(0, -1);
  return head + tail;
}

/** Where rows of a table wait for their merge, and where keys wait that a listing has shown. */
export function stageName(table: string, limits: Pick<Capabilities, "identifierBytes">): string {
  return shorten(`_tidemark_stage_${table}`, limits);
}

/** Where keys wait that a complete listing did not show. */
export function absentName(table: string, limits: Pick<Capabilities, "identifierBytes">): string {
  return shorten(`_tidemark_absent_${table}`, limits);
}

/** Where a table's versions are kept. */
export function historyName(table: string, limits: Pick<Capabilities, "identifierBytes">): string {
  return shorten(`${table}_history`, limits);
}
