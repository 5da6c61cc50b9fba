import { describe, expect, it } from "vitest";
import { reachLoopback } from "../../../../src/transport/launch/reach-loopback.js";

describe("the environment by which codex reaches the tool server", () => {
  it("[A2.11] stays unchanged if no proxy is set", () => {
    const env = { PATH: "/bin", NO_PROXY: "a", HTTPS_PROXY: "http://proxy:1", HTTP_PROXY: "" };
    expect(reachLoopback(env)).toBe(env);
  });

  it.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])(
    "[A2.11] excepts loopback from %s, in every spelling of the exceptions that is there",
    (name) => {
      const env = { [name]: "http://proxy:1" };
      expect(reachLoopback(env)).toEqual({ ...env, NO_PROXY: "127.0.0.1" });
      expect(reachLoopback({ ...env, no_proxy: " a.example, b ", NO_PROXY: "" })).toEqual({
        ...env,
        no_proxy: "a.example,b,127.0.0.1",
        NO_PROXY: "127.0.0.1",
      });
      expect(reachLoopback({ ...env, NO_PROXY: "*,a" })).toEqual({ ...env, NO_PROXY: "*,a,127.0.0.1" });
      expect(reachLoopback({ ...env, NO_PROXY: "*", no_proxy: "a" })).toEqual({
        ...env,
        NO_PROXY: "*,127.0.0.1",
        no_proxy: "a,127.0.0.1",
      });
      expect(reachLoopback({ ...env, no_proxy: "x,127.0.0.1" })).toEqual({ ...env, no_proxy: "x,127.0.0.1" });
      expect(reachLoopback({ ...env, no_proxy: undefined })).toMatchObject({ NO_PROXY: "127.0.0.1" });
    },
  );

  it("[K] [A2.11] has no proxy if every host is excepted: codex applies `*` to names and not to addresses", () => {
    const env = { HTTP_PROXY: "http://proxy:1", https_proxy: "http://proxy:1", all_proxy: "http://proxy:1", A: "b" };
    expect(reachLoopback({ ...env, NO_PROXY: "*" })).toEqual({ A: "b", NO_PROXY: "*" });
    expect(reachLoopback({ ...env, no_proxy: " * " })).toEqual({ A: "b", no_proxy: " * " });
  });
});
