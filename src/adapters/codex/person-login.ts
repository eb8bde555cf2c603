import type { PersonLogin } from "../../ports/cli.ts";
import type { Log } from "../../ports/runner.ts";
import { FILE_STORE, listen, startCodex } from "./process.ts";

/**
 * @param command Codex's executable
 * @see docs/facts.md §1, "Commands"
 */
export function codexLogin(command: string, log: Pick<Log, "debug">): PersonLogin {
  return {
    run: async ({ method, home, environment, output, signal }) => {
      const login = method === "device" ? ["login", "--device-auth"] : ["login"];
      const args = [...FILE_STORE, ...login];
      const request = { asked: login.join(" "), args, home, environment } as const;
      const codex = startCodex(command, { ...request, group: "ours", log });
      const { child } = codex;
      listen(codex, output);
      // Not SIGTERM: from the moment we go on, nothing may be written into the home any more.
      const end = (): void => void child.kill("SIGKILL");
      signal.addEventListener("abort", end);
      process.on("exit", end);
      try {
        await codex.spawned;
        if (signal.aborted) end();
        // Not "closed": a browser that Codex has opened may hold the pipes for as long as it lives.
        await codex.exited;
        await new Promise(setImmediate);
        return { exitCode: child.exitCode };
      } finally {
        signal.removeEventListener("abort", end);
        process.off("exit", end);
        child.stdout?.destroy();
        child.stderr?.destroy();
      }
    },
  };
}
