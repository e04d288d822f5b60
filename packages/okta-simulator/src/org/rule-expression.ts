import { oktaError } from "../errors.js";

/** What a group rule's expression can ask about a user. */
export interface Subject {
  attribute(name: string): unknown;
  isMember(groupId: string): boolean;
}

/** A compiled expression. */
export type RuleTest = (subject: Subject) => boolean;

const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|==|!=|&&|\|\||[()!,]|[\w.-]+|\S/g;
const CALLS = new Set(["isMemberOfGroup", "isMemberOfAnyGroup", "String.startsWith", "String.stringContains"]);

/**
 * Compiles the part of Okta's expression language that group rules are written in: comparisons of `user.attribute`
 * with == and !=, `String.startsWith`, `String.stringContains`, `isMemberOfGroup`, `isMemberOfAnyGroup`, `and`, `or`,
 * `not`, `&&`, `||`, `!`, parentheses. Anything else is refused with E0000001, as a rule with a bad expression is.
 */
export function compileRule(text: string): RuleTest {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = text.match(TOKEN) ?? [];
  }

  parse(): RuleTest {
    const test = this.#either();
    if (this.#at < this.#tokens.length) this.#fail();
    return test;
  }

  #fail(): never {
    throw oktaError("E0000001", {
      arg: "conditions.expression",
      causes: [`Invalid property: ${this.#text} in expression`],
    });
  }

  #take(expected?: string): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined || (expected !== undefined && token !== expected)) this.#fail();
    return token;
  }

  #is(...words: string[]): boolean {
    return words.includes((this.#tokens[this.#at] ?? "").toLowerCase());
  }

  #literal(): string | number | boolean | null {
    const token = this.#take();
    if (/^["']/.test(token)) return token.slice(1, -1).replace(/\\(.)/g, "$1");
    if (token === "true" || token === "false") return token === "true";
    if (token === "null") return null;
    return /^-?\d+(\.\d+)?$/.test(token) ? Number(token) : this.#fail();
  }

  #attribute(): string {
    const token = this.#take();
    return token.startsWith("user.") ? token.slice(5) : this.#fail();
  }

  #call(name: string): RuleTest {
    this.#take("(");
    if (name.startsWith("isMember")) {
      const ids = [String(this.#literal())];
      while (this.#is(",")) {
        this.#take(",");
        ids.push(String(this.#literal()));
      }
      this.#take(")");
      return (subject) => ids.some((id) => subject.isMember(id));
    }
    const path = this.#attribute();
    this.#take(",");
    const part = String(this.#literal());
    this.#take(")");
    return (subject) => {
      const value = subject.attribute(path);
      return (
        typeof value === "string" && (name === "String.startsWith" ? value.startsWith(part) : value.includes(part))
      );
    };
  }

  #primary(): RuleTest {
    if (this.#is("!", "not")) {
      this.#take();
      const inner = this.#primary();
      return (subject) => !inner(subject);
    }
    if (this.#is("(")) {
      this.#take("(");
      const inner = this.#either();
      this.#take(")");
      return inner;
    }
    if (CALLS.has(this.#tokens[this.#at] ?? "")) return this.#call(this.#take());
    const path = this.#attribute();
    if (!this.#is("==", "!=")) return (subject) => subject.attribute(path) === true;
    const equal = this.#take() === "==";
    const value = this.#literal();
    return (subject) => ((subject.attribute(path) ?? null) === value) === equal;
  }

  #both(): RuleTest {
    const parts = [this.#primary()];
    while (this.#is("and", "&&")) {
      this.#take();
      parts.push(this.#primary());
    }
    return (subject) => parts.every((part) => part(subject));
  }

  #either(): RuleTest {
    const parts = [this.#both()];
    while (this.#is("or", "||")) {
      this.#take();
      parts.push(this.#both());
    }
    return (subject) => parts.some((part) => part(subject));
  }
}
