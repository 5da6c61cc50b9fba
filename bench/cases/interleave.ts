/** One value for each subject and round. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

/**
 * Measures one value of every subject in each round (A B C A B C), so that other load on the machine affects all of
 * them.
 */
export async function interleave<Subject extends { readonly name: string }>(
  rounds: number,
  subjects: readonly Subject[],
  measure: (subject: Subject, round: number) => Promise<number> | number,
): Promise<Rounds> {
  const values = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) values.get(subject.name)?.push(await measure(subject, round));
  }
  return values;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Returns the median of one subject, or null if it was not measured. */
export function medianOf(rounds: Rounds, name: string): number | null {
  const values = rounds.get(name) ?? [];
  return values.length === 0 ? null : median(values);
}

/** Returns the median of the ratios within each round, which is independent of changes of the load over time. */
export function ratioOf(rounds: Rounds, name: string, base: string): number {
  const bases = rounds.get(base) ?? [];
  return median((rounds.get(name) ?? []).map((value, round) => value / (bases[round] ?? Number.NaN)));
}
