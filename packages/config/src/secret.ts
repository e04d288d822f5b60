import { inspect } from "node:util";

/**
 * A value that must not be seen. Printing, logging, interpolating and JSON all give `***`; only {@link Secret.reveal}
 * gives the text.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [inspect.custom](): string {
    return "***";
  }
}
