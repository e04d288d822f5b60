import { mix } from "../generate/hash.js";
import type { UserGenerator } from "../generate/users.js";
import { instant } from "../json.js";
import { eventJson } from "./log-events.js";
import { type LazyRun, uuidOf } from "./log.js";

interface Block {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** Sign-ins by the million: a block says how many happened and when; who signed in when is computed. */
export class SignIns {
  readonly #generator: UserGenerator;
  readonly #blocks: Block[] = [];

  constructor(generator: UserGenerator) {
    this.#generator = generator;
  }

  get blocks(): number {
    return this.#blocks.length;
  }

  /**
   * `count` sign-ins spread over [from, to), the generated users in turn. Returns the run for the log. Users who
   * were generated in another status than ACTIVE fail.
   */
  add(block: Block, org: { seed: number; userId(i: number): string }): LazyRun {
    const number = this.#blocks.push(block);
    const users = this.#generator.count;
    return {
      type: "user.session.start",
      count: block.count,
      from: block.from,
      to: block.to,
      entry: (k) => {
        const i = k % users;
        const published = at(block, k);
        const login = this.#generator.login(i);
        const who = { id: org.userId(i), type: "User", alternateId: login, displayName: login } as const;
        const event = eventJson(
          {
            type: "user.session.start",
            targets: [],
            debugData: { behaviors: "{New Geo-Location=NEGATIVE}", requestedAt: instant(published) },
            ...(this.#generator.status(i) === "ACTIVE"
              ? {}
              : { outcome: { result: "FAILURE", reason: "INVALID_CREDENTIALS" } }),
          },
          {
            actor: who,
            published,
            uuid: uuidOf(org.seed, 1000 + number, k),
            transactionId: `sgn${mix(org.seed, number, k).toString(36)}`,
          },
        );
        return { type: "user.session.start", published, persisted: published, event };
      },
    };
  }

  /** When user `i` last signed in, in the blocks after the first `seen`; whole seconds; null = not at all. */
  last(i: number, seen: number): number | null {
    const users = this.#generator.count;
    for (let b = this.#blocks.length - 1; b >= seen; b--) {
      const block = this.#blocks[b];
      if (!block || i >= Math.min(users, block.count)) continue;
      const ms = at(block, i + users * Math.floor((block.count - 1 - i) / users));
      return ms - (ms % 1000);
    }
    return null;
  }
}

function at(block: Block, k: number): number {
  return block.from + Math.floor(((block.to - block.from) * k) / block.count);
}
