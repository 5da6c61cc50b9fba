import { describe, expect, it } from "vitest";
import { LoadedThreads } from "../../../src/transport/app-server/loaded-threads.js";
import { allowsMore, type Permissions } from "../../../src/transport/app-server/turn-settings.js";

const readOnly = { type: "readOnly", networkAccess: false };
const workspace = { type: "workspaceWrite", writableRoots: ["/a"], networkAccess: false };
const full = { type: "dangerFullAccess" };
const profile = { type: "protected" };
const never = (sandboxPolicy: Permissions["sandboxPolicy"]): Permissions => ({
  sandboxPolicy,
  approvalPolicy: "never",
});

describe("the permissions of a sub-agent of an earlier turn", () => {
  it.each([
    [readOnly, readOnly, false],
    [readOnly, workspace, false],
    [workspace, full, false],
    [workspace, readOnly, true],
    [full, readOnly, true],
    [full, workspace, true],
    [{ ...workspace, writableRoots: ["/b"] }, workspace, true],
    [{ ...workspace, networkAccess: true }, workspace, true],
    [{ ...readOnly, networkAccess: true }, workspace, true],
    [profile, full, true],
    [readOnly, profile, true],
    [profile, profile, false],
  ])("[S3] %o against a turn with %o allow more: %s", (agent, turn, more) => {
    expect(allowsMore(never(agent), never(turn))).toBe(more);
  });

  it("[S3] allow more if the turn asks about every command and the agent does not", () => {
    const asks: Permissions = { sandboxPolicy: readOnly, approvalPolicy: "untrusted" };
    expect(allowsMore(never(readOnly), asks)).toBe(true);
    expect(allowsMore(asks, never(readOnly))).toBe(false);
  });

  it("[S3] are those of its first start; after it was closed, the wider of the first and the later ones", () => {
    const threads = new LoadedThreads({ isAtWork: () => Promise.resolve(false), unsubscribe: () => Promise.resolve() });
    const at = (sandbox: Permissions["sandboxPolicy"]) =>
      threads.permissionsOfAgent("agent", never(sandbox), "thread").sandboxPolicy;
    expect([at(workspace), at(full), at(readOnly)]).toEqual([workspace, workspace, workspace]);
    threads.closed("agent");
    expect([at(readOnly), at(full)]).toEqual([workspace, workspace]);
    threads.closed("agent");
    expect([at(full), at(readOnly)]).toEqual([full, full]);
  });

  it("[S3] end with the unload of its thread, which unloads the agent first", async () => {
    const gone: string[] = [];
    const unsubscribe = (threadId: string) => {
      gone.push(threadId);
      threads.closed(threadId);
      return Promise.resolve();
    };
    const threads = new LoadedThreads({ isAtWork: () => Promise.resolve(false), unsubscribe });
    const settings = { model: "m", cwd: "/", effort: null, summary: null, serviceTier: null };
    threads.add("thread", { stored: true, inForce: { ...settings, ...never(full) } });
    threads.permissionsOfAgent("agent", never(full), "thread");
    threads.permissionsOfAgent("other", never(full), "another thread");
    await threads.unload("thread");
    expect(gone).toEqual(["agent", "thread"]);
    expect(threads.permissionsOfAgent("agent", never(readOnly), "thread")).toEqual(never(readOnly));
  });
});
