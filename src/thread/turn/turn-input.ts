import { open, stat } from "node:fs/promises";
import { resolveOption } from "../../internal/host-directory.js";
import { OptionError } from "../../errors/option-error.js";
import type { TurnInputPart } from "../../transport/transport.js";

/** A part of the input. `local_image` is a file, `image` a data URL. Mirrors the app-server's `UserInput`. */
export type UserInput =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "local_image"; readonly path: string }
  | { readonly type: "image"; readonly url: string }
  | { readonly type: "skill"; readonly name: string; readonly path: string }
  | { readonly type: "mention"; readonly name: string; readonly path: string };

/** The input of a turn: a prompt, or several parts, whose texts codex joins. */
export type Input = string | readonly UserInput[];

/** Codex's limit on the text of one input, in Unicode code points. */
export const maxInputCharacters = 1_048_576;

/** Returns the parts for the wire. Throws an `OptionError` for input that codex would refuse or misread. */
export function toTurnInput(input: unknown): readonly TurnInputPart[] {
  const parts: readonly TurnInputPart[] = typeof input === "string" ? [{ type: "text", text: input }] : toParts(input);
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (texts.every((text) => text.trim() === "") && parts.length === texts.length) {
    throw new OptionError("INPUT_EMPTY", "input", "The input is empty: it needs some text or an image.");
  }
  const length = countCodePoints(texts);
  if (length > maxInputCharacters) {
    const message = `The input has ${length} characters (Unicode code points); codex takes at most ${maxInputCharacters}.`;
    throw new OptionError("INPUT_TOO_LARGE", "input", message);
  }
  return parts;
}

/**
 * Throws an `OptionError` (`IMAGE_UNREADABLE`) for a local image that codex cannot read. Codex reports no error for such an
 * image: it omits the image and informs only the model.
 */
export async function checkImages(parts: readonly TurnInputPart[]): Promise<void> {
  for (const part of parts) if (part.type === "localImage") await checkImage(part.path);
}

function toParts(input: unknown): readonly TurnInputPart[] {
  if (!Array.isArray(input))
    throw new OptionError("INVALID_INPUT", "input", "The input must be a string or a list of parts.");
  const parts: readonly unknown[] = input;
  return parts.map(toPart);
}

function toPart(part: unknown, index: number): TurnInputPart {
  const at = `input[${index}]`;
  if (typeof part !== "object" || part === null || !("type" in part)) {
    throw new OptionError("INVALID_INPUT", at, `${at} must be an object with a \`type\`.`);
  }
  switch (part.type) {
    case "text":
      return { type: "text", text: textOf(part, "text", at) };
    case "local_image":
    case "localImage":
      return { type: "localImage", path: resolveOption("input", textOf(part, "path", at)) };
    case "image":
      return { type: "image", url: toDataUrl(textOf(part, "url", at), at) };
    case "skill":
    case "mention":
      return { type: part.type, name: textOf(part, "name", at), path: textOf(part, "path", at) };
    default:
      throw new OptionError(
        "INVALID_INPUT",
        at,
        `${at} has the unknown type "${String(part.type)}"; known are text, local_image, image, skill and mention.`,
      );
  }
}

function textOf(part: object, key: string, at: string): string {
  const value: unknown = Object.entries(part).find(([name]) => name === key)?.[1];
  if (typeof value === "string") return value;
  throw new OptionError("INVALID_INPUT", at, `${at}.${key} must be a string.`);
}

function toDataUrl(url: string, at: string): string {
  if (/^data:image\/(png|jpeg|gif|webp);base64,[a-z0-9+/]/i.test(url)) return url;
  const message = `${at}.url must be a data URL of a PNG, JPEG, GIF or WebP image, such as data:image/png;base64,...: codex loads no images from the web.`;
  throw new OptionError("INVALID_INPUT", at, message);
}

/** Counts code points if the texts exceed the limit, else UTF-16 units: a text never has more code points than units. */
function countCodePoints(texts: readonly string[]): number {
  let count = texts.reduce((sum, text) => sum + text.length, 0);
  if (count <= maxInputCharacters) return count;
  for (const text of texts) {
    for (let index = 0; index < text.length - 1; index += 1) {
      if ((text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) count -= 1;
    }
  }
  return count;
}

async function checkImage(path: string): Promise<void> {
  const head = await readHead(path).catch((cause: unknown) => {
    throw new OptionError("IMAGE_UNREADABLE", "input", `The image ${path} cannot be read.`, { cause });
  });
  const { filetypemime } = await import("magic-bytes.js");
  const kinds = filetypemime(head);
  if (kinds.some((kind) => readableKinds.has(kind))) return;
  const found = kinds[0] ?? "of no known kind";
  throw new OptionError(
    "IMAGE_UNREADABLE",
    "input",
    `The file ${path} is not an image that codex can read (PNG, JPEG, GIF or WebP): it is ${found}.`,
  );
}

/** The kinds of images that codex reads. */
const readableKinds: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

async function readHead(path: string): Promise<Uint8Array> {
  // Opening a pipe would wait for its writer.
  if (!(await stat(path)).isFile()) throw new Error("it is not a file");
  const file = await open(path, "r");
  try {
    const head = new Uint8Array(4100);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
