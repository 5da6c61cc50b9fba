/**
 * An immutable list. A longer list costs nothing: both share one array, of which each has its own length. The array is
 * copied only if one list is continued twice.
 */
export class AppendList<T> {
  readonly #shared: T[];
  readonly length: number;

  /** The list owns the array: the caller must not change it afterwards. */
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
