import type { Org } from "./org.js";

/** The org as tests and the demo handle it: changes at will, and the truth to compare with. */
export class SimulatedOrg {
  readonly #org: Org;

  constructor(org: Org) {
    this.#org = org;
  }

  get id(): string {
    return this.#org.id;
  }

  settle(): void {
    this.#org.settle();
  }
}
