import type { JsonObject } from "../../internal/json.js";
import { errorText, textItem } from "./call-end.js";
import { isToolOutput, type ToolOutputPart } from "./tool-output.js";
import { Buffer } from "node:buffer";
import { tagOf } from "../../internal/is-error.js";

/** A tool's result in the form for the model, or the reason why it has none. */
type ShapedResult =
  | { readonly ok: true; readonly contentItems: readonly JsonObject[]; readonly leftOut: number }
  | { readonly ok: false; readonly problem: string };

/** The maximum text of a call, in characters. codex itself passes about 48 KB to the model. */
export const maxTextLength = 1_000_000;

/** The maximum size of a call's images, in bytes. */
const maxImageBytes = 20_000_000;

/** Converts a tool's result. Never rejects. Text over the limit is cut in its middle; `leftOut` is the number of characters cut. */
export async function shapeResult(result: unknown): Promise<ShapedResult> {
  try {
    const parts = isToolOutput(result) ? result.parts : [{ type: "text", text: textOf(result) } as const];
    if (!Array.isArray(parts)) throw new Error("the parts of its output are not an array");
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
  if (result === undefined || result === null) return "Done. (The tool returned no output.)";
  if (ArrayBuffer.isView(result))
    throw new Error('it returned bytes; return an image as `toolOutput([{ type: "image", data }])`');
  const text: unknown = JSON.stringify(result, refuseLost);
  if (typeof text === "string") return text;
  throw new Error(`it returned a ${typeof result}, which is not a JSON value`);
}

/** Throws for a value that JSON would omit or convert to an empty object. */
function refuseLost(key: string, value: unknown): unknown {
  const tag = tagOf(value);
  const kind = tag === "Map" || tag === "Set" ? tag : typeof value;
  if (kind !== "function" && kind !== "symbol" && kind !== "Map" && kind !== "Set") return value;
  throw new Error(`it returned a ${kind}${key === "" ? "" : ` in \`${key}\``}, which is not a JSON value`);
}

type ImagePart = Extract<ToolOutputPart, { readonly type: "image" }>;

interface ImageUrl {
  readonly url: string;
  readonly bytes: number;
}

/** Returns a data URL of a PNG, JPEG, GIF or WebP image, the only form codex accepts. Rejects for other data, or over `limit` bytes. */
async function toImageUrl(part: ImagePart, limit: number): Promise<ImageUrl> {
  if ("dataUrl" in part) {
    checkDataUrl(part.dataUrl);
    const bytes = Math.floor(((part.dataUrl.length - part.dataUrl.indexOf(",") - 1) * 3) / 4);
    checkSize(bytes, limit);
    return { url: part.dataUrl, bytes };
  }
  const { data } = part;
  if (!isBytes(data)) throw new Error("an image of its output has neither a `dataUrl` nor bytes in `data`");
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
  throw new Error(`an image of its output is not a data URL of a ${kinds} image; codex loads no images from the web`);
}

/** True for bytes of any realm. */
function isBytes(data: unknown): data is Uint8Array {
  return ArrayBuffer.isView(data) && tagOf(data) === "Uint8Array";
}

function checkSize(bytes: number, limit: number): void {
  if (bytes > limit) throw new Error(`an image of its output is too large: ${bytes} bytes, but only ${limit} are left`);
}

async function mediaTypeOf(data: Uint8Array): Promise<string> {
  const { filetypemime } = await import("magic-bytes.js");
  return filetypemime(data.subarray(0, 4100)).find((type) => mediaTypes.includes(type)) ?? "of an unknown type";
}
