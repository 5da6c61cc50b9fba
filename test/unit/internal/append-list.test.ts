import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppendList } from "../../../src/internal/append-list.js";

describe("a list to append to", () => {
  it("equals an array that is copied for each append, wherever a list is continued", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.integer()), { maxLength: 50 }), (steps) => {
        const lists = [new AppendList<number>()];
        const arrays: number[][] = [[]];
        for (const [from, value] of steps) {
          const list = lists[from % lists.length];
          const array = arrays[from % arrays.length];
          if (list === undefined || array === undefined) continue;
          lists.push(list.append(value));
          arrays.push([...array, value]);
        }
        expect(lists.map((list) => list.toArray())).toEqual(arrays);
        expect(lists.map(({ length }) => length)).toEqual(arrays.map(({ length }) => length));
      }),
    );
  });

  it("takes a million values in a moment", { timeout: 5_000 }, () => {
    let list = new AppendList<number>();
    for (let value = 0; value < 1_000_000; value += 1) list = list.append(value);
    expect(list.toArray()[999_999]).toBe(999_999);
  });
});
