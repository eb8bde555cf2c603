import type { MachinePolicy } from "../../../src/ports/machine.ts";

/** A machine whose administrator we may or may not be. */
export class MemoryMachine implements MachinePolicy {
  readonly requirements = new Map<string, string>();
  userNamespaces: "restricted" | "allowed" = "restricted";
  administrator: "us" | "nobody" = "us";

  allowUserNamespaces = async (): Promise<void> => {
    if (this.administrator === "us") this.userNamespaces = "allowed";
  };

  writeRequirements = async (path: string, content: string): Promise<"written" | "exists" | "impossible"> => {
    if (this.requirements.has(path)) return "exists";
    if (this.administrator === "nobody") return "impossible";
    this.requirements.set(path, content);
    return "written";
  };

  removeRequirements = async (path: string): Promise<void> => void this.requirements.delete(path);
}
