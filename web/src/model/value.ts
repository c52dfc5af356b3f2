/** What an input can hold. Whole numbers beyond 2^53 are `bigint` here and `{"$int": "…"}` on the wire. */
export type Value = string | number | bigint | boolean | null | Value[] | { [key: string]: Value };

/** Plain JSON as the server sends it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Read a value from the wire. */
export function fromWire(json: Json): Value {
  if (Array.isArray(json)) return json.map(fromWire);
  if (!isTree(json)) return json;
  const text = json.$int;
  if (typeof text === "string" && Object.keys(json).length === 1) return narrow(BigInt(text));
  return Object.fromEntries(Object.entries(json).map(([key, one]) => [key, fromWire(one as Json)]));
}

/** Write a value for the wire. */
export function toWire(value: Value): Json {
  if (typeof value === "bigint")
    return Number.isSafeInteger(Number(value)) ? Number(value) : { $int: `${value}` };
  if (Array.isArray(value)) return value.map(toWire);
  if (!isTree(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toWire(one as Value)]));
}

/** A whole number in its plain form where JavaScript can hold it exactly. */
export function narrow(value: bigint): number | bigint {
  const plain = Number(value);
  return Number.isSafeInteger(plain) ? plain : value;
}

/** Whether two values are the same; 8 and 8.0 are. */
export function same(one: Value | undefined, other: Value | undefined): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const keys = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => same((one as Record<string, Value>)[key], (other as Record<string, Value>)[key]))
  );
}
