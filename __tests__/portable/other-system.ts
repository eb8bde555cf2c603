import { posix, win32 } from "node:path";
import { jest } from "@jest/globals";

/**
 * From now on, modules that are imported find themselves on another system: its name and its paths. The disk stays this
 * machine's, and `/proc` is as absent as it is there.
 *
 * @returns what puts this machine's system back
 */
export function pretend(platform: "win32" | "darwin"): () => void {
  const before = Object.getOwnPropertyDescriptor(process, "platform") ?? {};
  Object.defineProperty(process, "platform", { ...before, value: platform });
  jest.resetModules();
  const path = platform === "win32" ? win32 : posix;
  jest.unstable_mockModule("node:path", () => ({ ...path, default: path }));
  return () => {
    Object.defineProperty(process, "platform", before);
    jest.resetModules();
  };
}
