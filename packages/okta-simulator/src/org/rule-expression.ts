import { oktaError } from "../errors.js";

/** What a group rule's expression can ask about a user. */
export interface Subject {
  attribute(name: string): unknown;
  isMember(groupId: string): boolean;
}

type Test = (subject: Subject) => boolean;

/**
 * Compiles the part of Okta's expression language that group rules are written in: comparisons of `user.attribute`
 * with == and !=, `String.startsWith`, `String.stringContains`, `isMemberOfGroup`, `isMemberOfAnyGroup`, `and`, `or`,
 * `not`, `&&`, `||`, `!`, parentheses. Anything else is refused with E0000001, as a rule with a bad expression is.
 */
export function compileRule(text: string): Test {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|==|!=|&&|\|\||[()!,]|[\w.-]+|\S/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw oktaError("E0000001", { arg: "conditions.expression", causes: [`Invalid property: ${text} in expression`] });
  };
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected)) return fail();
    return token;
  };
  const is = (...words: string[]): boolean => words.includes((tokens[at] ?? "").toLowerCase());
  const literal = (): string | number | boolean | null => {
    const token = take();
    if (/^["']/.test(token)) return token.slice(1, -1).replace(/\\(.)/g, "$1");
    if (token === "true" || token === "false") return token === "true";
    if (token === "null") return null;
    return /^-?\d+(\.\d+)?$/.test(token) ? Number(token) : fail();
  };
  const attribute = (): string => {
    const token = take();
    return token.startsWith("user.") ? token.slice(5) : fail();
  };
  const call = (name: string): Test => {
    take("(");
    if (name === "isMemberOfGroup" || name === "isMemberOfAnyGroup") {
      const ids = [String(literal())];
      while (is(",")) {
        take(",");
        ids.push(String(literal()));
      }
      take(")");
      return (subject) => ids.some((id) => subject.isMember(id));
    }
    const path = attribute();
    take(",");
    const part = String(literal());
    take(")");
    return (subject) => {
      const value = subject.attribute(path);
      return (
        typeof value === "string" && (name === "String.startsWith" ? value.startsWith(part) : value.includes(part))
      );
    };
  };
  const primary = (): Test => {
    if (is("!", "not")) {
      take();
      const inner = primary();
      return (subject) => !inner(subject);
    }
    if (is("(")) {
      take("(");
      const inner = either();
      take(")");
      return inner;
    }
    const token = tokens[at] ?? "";
    if (["isMemberOfGroup", "isMemberOfAnyGroup", "String.startsWith", "String.stringContains"].includes(token))
      return call(take());
    const path = attribute();
    if (!is("==", "!=")) return (subject) => subject.attribute(path) === true;
    const equal = take() === "==";
    const value = literal();
    return (subject) => ((subject.attribute(path) ?? null) === value) === equal;
  };
  const both = (): Test => {
    let left = primary();
    while (is("and", "&&")) {
      take();
      const [before, right] = [left, primary()];
      left = (subject) => before(subject) && right(subject);
    }
    return left;
  };
  const either = (): Test => {
    let left = both();
    while (is("or", "||")) {
      take();
      const [before, right] = [left, both()];
      left = (subject) => before(subject) || right(subject);
    }
    return left;
  };
  const test = either();
  if (at < tokens.length) fail();
  return test;
}
