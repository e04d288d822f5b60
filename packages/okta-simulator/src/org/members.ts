import type { GeneratedGroup } from "../generate/groups.js";
import type { UserStore } from "./users.js";
import { firstAbove, VersionedMap } from "./versioned.js";

/** How a user came into a group: by hand, or by the group rule with this id. */
export interface Membership {
  readonly by: string;
}

/** Who is in which group: the generated memberships computed, the changes kept. */
export class MemberStore {
  readonly #users: UserStore;
  readonly #generated: readonly GeneratedGroup[];
  readonly #generatedUsers: number;
  readonly #changes = new Map<number, VersionedMap<Membership>>();
  readonly #keepMs: number;

  constructor(users: UserStore, plan: { generated: readonly GeneratedGroup[]; users: number; keepMs: number }) {
    this.#users = users;
    this.#generated = plan.generated;
    this.#generatedUsers = plan.users;
    this.#keepMs = plan.keepMs;
  }

  /** True when the generator put user `u` into group `g`. */
  wasGenerated(g: number, u: number): boolean {
    const group = this.#generated[g];
    return group !== undefined && u < this.#generatedUsers && u % group.stride === group.offset;
  }

  /** How `u` is a member of `g`, or undefined. Everyone (number 0) holds every user. */
  membership(g: number, u: number, at?: number): Membership | undefined {
    if (!this.#users.exists(u, at)) return undefined;
    if (g === 0) return GENERATED;
    const change = this.#changes.get(g)?.get(u, at);
    if (change !== undefined) return change ?? undefined;
    return this.wasGenerated(g, u) ? GENERATED : undefined;
  }

  has(g: number, u: number, at?: number): boolean {
    return this.membership(g, u, at) !== undefined;
  }

  set(g: number, u: number, change: { membership: Membership | null; now: number }): void {
    let changes = this.#changes.get(g);
    if (!changes) this.#changes.set(g, (changes = new VersionedMap(this.#keepMs)));
    changes.set(u, change.membership, change.now);
  }

  /** Members' numbers above `after`, ascending. */
  *of(g: number, after = -1, at?: number): Generator<number> {
    if (g === 0) {
      for (const u of this.#users.indexes(after)) if (this.#users.exists(u, at)) yield u;
      return;
    }
    const changed = this.#changes.get(g)?.keys() ?? [];
    let c = firstAbove(changed, after);
    const { stride, offset } = this.#generated[g] ?? { stride: 1, offset: this.#generatedUsers };
    let next = after < offset ? offset : offset + stride * (Math.floor((after - offset) / stride) + 1);
    for (;;) {
      const change = changed[c] ?? Infinity;
      const generated = next < this.#generatedUsers ? next : Infinity;
      const u = Math.min(change, generated);
      if (u === Infinity) return;
      if (u === change) c++;
      if (u === generated) next += stride;
      if (this.has(g, u, at)) yield u;
    }
  }

  count(g: number, at?: number): number {
    const group = this.#generated[g];
    let count =
      g === 0
        ? this.#generatedUsers
        : group
          ? Math.max(0, Math.ceil((this.#generatedUsers - group.offset) / group.stride))
          : 0;
    const touched = new Set<number>(this.#users.indexes(-1, true));
    for (const u of this.#changes.get(g)?.keys() ?? []) touched.add(u);
    for (const u of touched) {
      const before = g === 0 ? u < this.#generatedUsers : this.wasGenerated(g, u);
      count += (this.has(g, u, at) ? 1 : 0) - (before ? 1 : 0);
    }
    return count;
  }
}

const GENERATED: Membership = { by: "direct" };
