import type { JsonObject } from "../internal/json.js";
import { errorText } from "./error-text.js";
import { toImageUrl } from "./image-url.js";
import { textItem } from "./text-item.js";
import { isToolOutput, type ToolOutputPart } from "./tool-output.js";

/** What a tool gave, as the model is told; or why it cannot be told. */
export type ShapedResult =
  | { readonly ok: true; readonly contentItems: readonly JsonObject[]; readonly leftOut: number }
  | { readonly ok: false; readonly problem: string };

/** Characters of text that a call gives at most. (Codex itself passes on some 48 KB.) */
export const maxTextLength = 1_000_000;

/** Bytes of images that a call gives at most. */
const maxImageBytes = 20_000_000;

/** Never rejects. Text over the bound is cut in its middle, and says so; `leftOut` is the number of its characters. */
export async function shapeResult(result: unknown): Promise<ShapedResult> {
  try {
    const parts = isToolOutput(result) ? result.parts : [{ type: "text", text: textOf(result) } as const];
    if (!Array.isArray(parts)) throw new Error("the parts of its output are no list");
    return await shapeParts(parts);
  } catch (error) {
    return { ok: false, problem: errorText(error) ?? "it cannot be read" };
  }
}

async function shapeParts(parts: readonly ToolOutputPart[]): Promise<ShapedResult> {
  const left = { characters: maxTextLength, bytes: maxImageBytes };
  const contentItems: JsonObject[] = [];
  let leftOut = 0;
  for (const part of parts) {
    switch (part.type) {
      case "text": {
        const cut = textItem(part.text, left.characters);
        left.characters = Math.max(0, left.characters - part.text.length);
        leftOut += cut.leftOut;
        contentItems.push(cut.item);
        break;
      }
      case "image": {
        const image = await toImageUrl(part, left.bytes);
        left.bytes -= image.bytes;
        contentItems.push({ type: "inputImage", imageUrl: image.url });
        break;
      }
      default:
        throw new Error("a part of its output is neither text nor an image");
    }
  }
  return { ok: true, contentItems, leftOut };
}

function textOf(result: unknown): string {
  if (typeof result === "string") return result;
  if (result === undefined || result === null) return "Done. (The tool gave no output.)";
  if (ArrayBuffer.isView(result))
    throw new Error('it gave bytes; an image goes into `toolOutput([{ type: "image", data }])`');
  const text: unknown = JSON.stringify(result, refuseLost);
  if (typeof text === "string") return text;
  throw new Error(`it gave a ${typeof result}, which is no JSON value`);
}

/** Refuses what JSON would leave out or make an empty object of. */
function refuseLost(key: string, value: unknown): unknown {
  const kind = value instanceof Map ? "Map" : value instanceof Set ? "Set" : typeof value;
  if (kind !== "function" && kind !== "symbol" && kind !== "Map" && kind !== "Set") return value;
  throw new Error(`it gave a ${kind}${key === "" ? "" : ` in \`${key}\``}, which is no JSON value`);
}
