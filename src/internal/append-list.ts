/**
 * A list that never changes, and gives a longer one at no cost: the lists share one array, and each sees its own part of
 * it. Only where a list is continued twice is it copied.
 */
export class AppendList<T> {
  readonly #shared: T[];
  readonly length: number;

  /** The values are taken over: nobody else may write to the array any more. */
  constructor(values: T[] = [], length = values.length) {
    this.#shared = values;
    this.length = length;
  }

  append(value: T): AppendList<T> {
    const shared = this.#shared.length === this.length ? this.#shared : this.#shared.slice(0, this.length);
    shared.push(value);
    return new AppendList(shared, shared.length);
  }

  toArray(): readonly T[] {
    return this.#shared.slice(0, this.length);
  }
}
