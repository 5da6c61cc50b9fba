import type { JsonObject } from "../../internal/json.js";
import { errorText, textItem } from "./call-end.js";
import { isToolOutput, type ToolOutputPart } from "./tool-output.js";
import { Buffer } from "node:buffer";

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

type ImagePart = Extract<ToolOutputPart, { readonly type: "image" }>;

export interface ImageUrl {
  readonly url: string;
  readonly bytes: number;
}

/** An image as codex takes it: a data URL of a PNG, JPEG, GIF or WebP. Rejects for anything else, and over `limit` bytes. */
export async function toImageUrl(part: ImagePart, limit: number): Promise<ImageUrl> {
  if ("dataUrl" in part) {
    checkDataUrl(part.dataUrl);
    const bytes = Math.floor(((part.dataUrl.length - part.dataUrl.indexOf(",") - 1) * 3) / 4);
    checkSize(bytes, limit);
    return { url: part.dataUrl, bytes };
  }
  const { data } = part;
  if (!(data instanceof Uint8Array))
    throw new Error("an image of its output has neither a `dataUrl` nor bytes in `data`");
  checkSize(data.byteLength, limit);
  const mediaType = part.mediaType ?? (await mediaTypeOf(data));
  if (!mediaTypes.includes(mediaType)) throw new Error(`an image of its output is ${mediaType}; use ${kinds}`);
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
  return { url: `data:${mediaType};base64,${text}`, bytes: data.byteLength };
}

const mediaTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const kinds = "PNG, JPEG, GIF or WebP";

function checkDataUrl(url: unknown): void {
  if (typeof url === "string" && /^data:image\/(png|jpeg|gif|webp);base64,[a-z0-9+/]/i.test(url)) return;
  throw new Error(`an image of its output is no data URL of a ${kinds} image; codex loads none from the web`);
}

function checkSize(bytes: number, limit: number): void {
  if (bytes > limit) throw new Error(`an image of its output is too large: ${bytes} bytes, where ${limit} are left`);
}

async function mediaTypeOf(data: Uint8Array): Promise<string> {
  const { filetypemime } = await import("magic-bytes.js");
  return filetypemime(data.subarray(0, 4100)).find((type) => mediaTypes.includes(type)) ?? "of no known type";
}
