import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxTextLength, shapeResult } from "../../../../src/tools/call/shape-result.js";
import { toolOutput } from "../../../../src/tools/call/tool-output.js";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const pngUrl = `data:image/png;base64,${png.toString("base64")}`;

async function itemsOf(result: unknown) {
  const shaped = await shapeResult(result);
  return shaped.ok ? shaped.contentItems : shaped.problem;
}
const text = (value: string) => [{ type: "inputText", text: value }];

describe("the result of a tool", () => {
  test("[A2.3] is unchanged text, JSON text for another JSON value, and a sentence for no output", async () => {
    expect(await itemsOf("plain")).toEqual(text("plain"));
    expect(await itemsOf("")).toEqual(text(""));
    expect(await itemsOf({ a: [1, null, "x"] })).toEqual(text('{"a":[1,null,"x"]}'));
    expect(await itemsOf(9)).toEqual(text("9"));
    expect(await itemsOf(false)).toEqual(text("false"));
    expect(await itemsOf({ parts: [{ type: "text", text: "x" }] })).toEqual(
      text('{"parts":[{"type":"text","text":"x"}]}'),
    );
    for (const nothing of [undefined, null])
      expect(await itemsOf(nothing)).toEqual(text("Done. (The tool returned no output.)"));
  });

  test("[A2.3] may have several parts with images, as bytes or as a data URL", async () => {
    const output = toolOutput(["see:", { type: "image", data: png }, { type: "image", dataUrl: pngUrl }]);
    const image = { type: "inputImage", imageUrl: pngUrl };
    expect(await itemsOf(output)).toEqual([...text("see:"), image, image]);
    expect(await itemsOf(toolOutput([]))).toEqual([]);
    const view = new Uint8Array([0, 0, ...png]).subarray(2);
    expect(await itemsOf(toolOutput([{ type: "image", data: view }]))).toEqual([image]);
  });

  test("[A2.3] that is not JSON is refused with the reason", async () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    expect(await itemsOf(circle)).toContain("circular");
    expect(await itemsOf(5n)).toContain("BigInt");
    expect(await itemsOf(() => 1)).toBe("it returned a function, which is not a JSON value");
    expect(await itemsOf(Symbol("x"))).toBe("it returned a symbol, which is not a JSON value");
    expect(await itemsOf({ a: new Map() })).toBe("it returned a Map in `a`, which is not a JSON value");
    expect(await itemsOf(new Uint8Array(3))).toContain("toolOutput");
    expect(
      await itemsOf({
        toJSON: () => {
          throw new Error("x");
        },
      }),
    ).toBe("x");
  });

  test("[A2.3] with an image that codex does not accept is refused", async () => {
    const of = (part: object) => itemsOf(toolOutput([{ type: "image", ...part } as never]));
    expect(await of({ dataUrl: "https://example.com/a.png" })).toContain("not a data URL");
    expect(await of({ data: new Uint8Array([1, 2, 3]) })).toContain("of an unknown type");
    expect(await of({ data: png, mediaType: "image/svg+xml" })).toContain("image/svg+xml");
    expect(await of({ data: new Uint8Array(20_000_001) })).toContain("too large");
    expect(await of({})).toContain("neither");
    expect(await itemsOf(toolOutput([{ type: "sound" } as never]))).toContain("neither text nor an image");
    expect(await itemsOf(toolOutput([{ type: "text" } as never]))).toContain("no `text`");
  });

  test("[A2.3] of 50 MB is cut in its middle with a note, without a copy of the whole", async () => {
    const big = `<${"x".repeat(50_000_000)}>`;
    const shaped = await shapeResult(big);
    if (!shaped.ok) expect.fail(shaped.problem);
    const whole = shaped.contentItems[0]?.["text"];
    if (typeof whole !== "string") expect.fail("no text");
    expect(whole.length).toBeLessThan(maxTextLength + 100);
    expect([whole.at(0), whole.at(-1)]).toEqual(["<", ">"]);
    expect(shaped.leftOut).toBe(49_000_002);
    expect(whole).toContain("[... 49000002 characters left out ...]");
    expect((await shapeResult({ big })).ok).toBe(true);
  });

  test("[A2.3] has one limit for all its parts", async () => {
    const shaped = await shapeResult(toolOutput(["a".repeat(900_000), "b".repeat(900_000), "c"]));
    if (!shaped.ok) expect.fail(shaped.problem);
    expect(shaped.leftOut).toBe(800_001);
    expect(JSON.stringify(shaped.contentItems).length).toBeLessThan(1_001_000);
  });

  test("[A2.3] has no lone surrogates, so that codex's parser accepts it", async () => {
    const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
    await fc.assert(
      fc.asyncProperty(anyText, async (given) => {
        const [item] = (await itemsOf(given)) as readonly { text: string }[];
        expect(item?.text).toBe(Buffer.from(given, "utf8").toString("utf8"));
      }),
    );
  });

  test("[A2.3] is text that parses to the same value, for any JSON value", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const [item] = (await itemsOf(value)) as readonly { text: string }[];
        if (typeof value === "string" || value === null) return;
        expect(JSON.parse(item?.text ?? "")).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
