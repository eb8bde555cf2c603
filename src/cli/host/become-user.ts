import { Failure } from "../../core/failure/failure.ts";
import { shellQuoted } from "../../core/text/shell.ts";
import type { CliServices } from "../services.ts";

/**
 * Goes on with the rights of the named user alone.
 *
 * @throws {Failure} `input-invalid` for a user that does not exist, or for anybody but root
 */
export async function becomeUser(
  { disk, users }: Pick<CliServices, "disk" | "users">,
  name: string,
): Promise<void> {
  const [self, user] = [disk.self(), await disk.user(name)];
  if (self === null)
    throw new Failure(
      "input-invalid",
      "`--user` does not exist on Windows.",
      "Run the command as that user.",
    );
  if (user === null)
    throw new Failure("input-invalid", `There is no user ${name} on this machine.`, "Create the user first.");
  if (self.uid === user.uid) return;
  if (self.uid !== 0)
    throw new Failure(
      "input-invalid",
      `Only root can run this as another user, such as ${name}.`,
      `Put \`sudo\` before it; or, without \`--user\`, \`sudo -u ${shellQuoted(name)}\`.`,
    );
  users.become(name, user);
}
