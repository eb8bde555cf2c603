import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** @returns where on a PATH a `codex` may be that this user is not allowed to reach or to run */
export async function unreachableCodex(path: string): Promise<string[]> {
  const denied = await Promise.all(
    path
      .split(delimiter)
      .filter((directory) => directory !== "")
      .map(async (directory) => {
        const candidate = join(directory, "codex");
        const code = await access(candidate, constants.X_OK).then(
          () => "",
          (error: { code?: string }) => error.code,
        );
        return code === "EACCES" ? [candidate] : [];
      }),
  );
  return denied.flat();
}
