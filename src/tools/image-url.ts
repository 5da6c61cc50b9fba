import { Buffer } from "node:buffer";
import type { ToolOutputPart } from "./tool-output.js";

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
