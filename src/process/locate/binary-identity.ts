import { statSync } from "node:fs";
import { UnsafeBinaryError } from "./binary-errors.js";

/** The identity of the codex binary at its first start. Every later start of a client must find the same file. */
export class BinaryIdentity {
  #first: { readonly path: string; readonly identity: string } | null = null;

  /**
   * Records the file at the first call. A missing file is not recorded: its start fails.
   *
   * @throws UnsafeBinaryError (`BINARY_CHANGED`) - the path, device, inode, size or time of change differs from the first call.
   */
  check(path: string): void {
    const identity = identityOf(path);
    if (identity === null) return;
    this.#first ??= { path, identity };
    if (this.#first.path === path && this.#first.identity === identity) return;
    throw new UnsafeBinaryError(
      "BINARY_CHANGED",
      path,
      `is not the file that this client has started before (${this.#first.path}): it was updated, or a program has replaced it. If you have updated codex, create a new \`Codex\``,
    );
  }
}

function identityOf(path: string): string | null {
  try {
    const { dev, ino, size, mtimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs].join(":");
  } catch {
    return null;
  }
}
