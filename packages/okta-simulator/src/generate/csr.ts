import { type JsonObject, objectAt, stringAt } from "../json.js";
import { noise } from "./jwk.js";

/** One element of DER: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, Math.floor(length / 0x100), length % 0x100];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...content: readonly Buffer[]): Buffer => der(0x30, ...content);
const set = (...content: readonly Buffer[]): Buffer => der(0x31, ...content);
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value));
/** A number without a sign: a first byte above 0x7f would make it negative. */
const integer = (bytes: Buffer): Buffer => der(0x02, ...((bytes[0] ?? 0) > 0x7f ? [Buffer.from([0])] : []), bytes);
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = rest.flatMap((step) => {
    const parts = [step % 128];
    for (let left = Math.floor(step / 128); left > 0; left = Math.floor(left / 128)) parts.unshift((left % 128) + 128);
    return parts;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

const NAME_PARTS: readonly (readonly [name: string, oid: string, tag: number])[] = [
  ["countryName", "2.5.4.6", 0x13],
  ["stateOrProvinceName", "2.5.4.8", 0x0c],
  ["localityName", "2.5.4.7", 0x0c],
  ["organizationName", "2.5.4.10", 0x0c],
  ["organizationalUnitName", "2.5.4.11", 0x0c],
  ["commonName", "2.5.4.3", 0x0c],
];

function distinguishedName(subject: JsonObject): Buffer {
  const parts = NAME_PARTS.flatMap(([name, type, tag]) => {
    const value = stringAt(subject, name);
    return value === undefined ? [] : [set(sequence(oid(type), text(tag, value)))];
  });
  return sequence(...parts);
}

/** The request for the further names that the certificate is for. */
function alternativeNames(names: readonly string[]): Buffer {
  const list = sequence(...names.map((name) => text(0x82, name)));
  const extension = sequence(oid("2.5.29.17"), der(0x04, list));
  return sequence(oid("1.2.840.113549.1.9.14"), set(sequence(extension)));
}

/**
 * A certificate signing request (RFC 2986) in base64, for the subject and the names of Okta's `CsrMetadata` and the key
 * that has this modulus. What stands for its signature is noise: no private key belongs to the keys of a simulated org.
 */
export function signingRequest(metadata: JsonObject, modulus: string): string {
  const { dnsNames } = objectAt(metadata, "subjectAltNames");
  const names = Array.isArray(dnsNames) ? dnsNames.filter((name) => typeof name === "string") : [];
  const none = Buffer.from([0x05, 0x00]);
  const key = sequence(integer(Buffer.from(modulus, "base64url")), integer(Buffer.from([1, 0, 1])));
  const info = sequence(
    integer(Buffer.from([0])),
    distinguishedName(objectAt(metadata, "subject")),
    sequence(sequence(oid("1.2.840.113549.1.1.1"), none), bits(key)),
    der(0xa0, ...(names.length === 0 ? [] : [alternativeNames(names)])),
  );
  const signature = Buffer.from(noise(`${modulus} signature`, 256), "base64url");
  return sequence(info, sequence(oid("1.2.840.113549.1.1.11"), none), bits(signature)).toString("base64");
}
