/** Of a list that grows at its top, what is shown while it is to stand still: from the first that was known on. */
export function still<T extends { readonly id: string }>(
  list: readonly T[],
  known: ReadonlySet<string> | null,
): readonly T[] {
  const first = known ? list.findIndex((one) => known.has(one.id)) : 0;
  return first > 0 ? list.slice(first) : list;
}
